import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { launchChromium, MISSING_BROWSER, openTab, type Tab } from "../support/chromium.ts";
import { startForeignPage } from "../support/foreign-page.ts";
import { INITIALIZE, send } from "../support/rpc.ts";
import { registerClient, signIn } from "../support/sign-in.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";

const PHONE = { viewport: { width: 360, height: 740 } };

let stack: TestStack;
let browser: Browser;
const tabs: Tab[] = [];

beforeAll(async () => {
  if (MISSING_BROWSER) return;
  stack = await startTestStack();
  browser = await launchChromium();
});
afterAll(() => Promise.all([browser?.close(), stack?.close()]));
beforeEach(({ skip }) => skip(MISSING_BROWSER !== undefined, MISSING_BROWSER));
afterEach(async () => {
  const complaints = tabs.flatMap((tab) => tab.complaints);
  await Promise.all(tabs.splice(0).map(({ page }) => page.context().close()));
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const app = (page: Page, name: string) =>
  page.getByRole("listitem").filter({ has: page.getByRole("heading", { name }) });

/** A tab on the account page of a person who picked their account at GitHub. */
async function account(login: string, options: BrowserContextOptions = {}): Promise<Page> {
  const tab = await openTab(browser, options);
  tabs.push(tab);
  const { page } = tab;
  await page.goto(`${stack.url}/account`);
  await press(page, "Sign in with GitHub");
  await page.locator(`button[value="${login}"]`).click();
  await page.getByText(`Signed in as ${login}`).waitFor();
  return page;
}

/** Lets an app in, and returns what an MCP request with its token is answered. */
async function connect(login: string, name: string): Promise<() => Promise<number>> {
  const client = await registerClient(stack, { client_name: name });
  const { access_token: token } = await signIn(stack, login, { client });
  return async () => {
    const response = await send(stack, { token, message: INITIALIZE });
    await response.text();
    return response.status;
  };
}

describe.each([
  { how: "with JavaScript", login: "octocat", options: {} },
  { how: "without JavaScript", login: "hubot", options: { javaScriptEnabled: false } },
  { how: "on a phone", login: "mona", options: { ...PHONE, hasTouch: true, isMobile: true } },
])("the account page $how", ({ login, options }) => {
  it("shows the person's apps, and disconnects one on a press of its button", async () => {
    const [ended, kept] = [await connect(login, "Old laptop"), await connect(login, "New laptop")];
    const page = await account(login, options);

    await press(page, "Disconnect Old laptop");
    await page.getByText("The app is disconnected.").waitFor();

    expect(await app(page, "New laptop").count()).toBe(1);
    expect(await app(page, "Old laptop").count()).toBe(0);
    expect([await ended(), await kept()]).toEqual([401, 200]);
  });

  it("disconnects all of them only after it was asked twice", async () => {
    const apps = [await connect(login, "One"), await connect(login, "Two")];
    const page = await account(login, options);
    const sure = page.getByRole("button", { name: /^Yes, disconnect all/ });

    const wasVisible = await sure.isVisible();
    await page.getByText(/^Disconnect all \d+ apps$/).click();
    await sure.click();
    await page.getByText("Every app is disconnected.").waitFor();

    expect(wasVisible).toBe(false);
    expect(await page.getByText("No app is connected.").isVisible()).toBe(true);
    expect(await Promise.all(apps.map((status) => status()))).toEqual([401, 401]);
  });

  it("lets the person sign out", async () => {
    const page = await account(login, options);

    await press(page, "Sign out");
    await page.getByRole("button", { name: "Sign in with GitHub" }).waitFor();
    await page.reload();

    expect(await page.getByText("Signed in as").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Sign in with GitHub" }).isVisible()).toBe(true);
  });
});

describe("the account page", () => {
  it("tells a person who cancels at GitHub how to go on", async () => {
    const { page } = await openTab(browser);
    await page.goto(`${stack.url}/account`);
    await press(page, "Sign in with GitHub");
    await press(page, "Cancel");

    await page.getByText("You did not sign in at GitHub.").waitFor();
    await page.getByRole("link", { name: "Go to your account page" }).click();

    expect(await page.getByRole("button", { name: "Sign in with GitHub" }).isVisible()).toBe(true);
    await page.context().close();
  });

  it("tells a screen reader what each button and each column is, on a phone as well", async () => {
    await connect("codercat", "Editor");
    const page = await account("codercat", PHONE);

    const button = page.getByRole("button", { name: "Disconnect Editor" });
    expect(await button.getAttribute("aria-describedby")).toBe("since-0");
    expect(await page.locator("#since-0").textContent()).toMatch(/UTC$/);
    expect(await page.getByRole("columnheader").allTextContents()).toEqual([
      "Time (UTC)",
      "What",
      "App",
      "Outcome",
      "Took",
    ]);
    expect(await page.getByRole("table").getByRole("row").count()).toBe(3);
    expect(await page.getByRole("heading", { level: 2 }).allTextContents()).toEqual([
      "Connected apps",
      "What was done",
      "At GitHub",
    ]);
    expect(await page.evaluate(() => document.scripts.length)).toBe(0);
  });

  it("needs no scrolling sideways at 360 pixels, whatever an app is called", async () => {
    await connect("codercat", "W".repeat(80));
    await connect("codercat", "Another");
    const page = await account("codercat", PHONE);
    await page.getByText(/^Disconnect all/).click();

    const { content, window } = await page.evaluate(() => ({
      content: document.documentElement.scrollWidth,
      window: document.documentElement.clientWidth,
    }));

    expect(content).toBe(window);
  });

  it("is light words on dark for a person who prefers that", async () => {
    const page = await account("bibliocat", { colorScheme: "dark" });

    const colors = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.body);
      return { color, backgroundColor };
    });

    expect(colors).toEqual({ color: "rgb(233, 231, 224)", backgroundColor: "rgb(19, 22, 21)" });
  });

  it("disconnects nothing for a page of another site that sends its form by itself", async () => {
    const status = await connect("octocat", "Under attack");
    const page = await account("octocat");
    const foreign = await startForeignPage(`<!doctype html>
      <form method="post" action="${stack.url}/account/revoke">
        <input name="csrf" value="guessed"><input name="all" value="yes">
      </form>
      <script>document.forms[0].submit()</script>`);
    const victim = await page.context().newPage();

    await victim.goto(foreign.url);
    await victim.getByText("Nothing was changed").first().waitFor();
    await foreign.close();
    await page.reload();

    expect(new URL(victim.url()).pathname).toBe("/account/revoke");
    expect(await app(page, "Under attack").count()).toBe(1);
    expect(await status()).toBe(200);
  });
});
