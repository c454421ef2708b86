import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  BROWSER_IS_REQUIRED,
  launchChromium,
  MISSING_BROWSER,
  openTab,
  type Tab,
} from "../support/chromium.ts";
import { callTool, type Connected, ERAS, textOf } from "../support/connect.ts";
import {
  type LoopbackClient,
  type LoopbackClientOptions,
  startLoopbackClient,
} from "../support/loopback-client.ts";
import { startTestStack, type TestStack } from "../support/stack.ts";

const PHONE = { viewport: { width: 360, height: 740 } };

let stack: TestStack;
let browser: Browser;
const tabs: Tab[] = [];
const clients: LoopbackClient[] = [];

beforeAll(async () => {
  if (MISSING_BROWSER) return;
  stack = await startTestStack();
  browser = await launchChromium();
});
afterAll(() => Promise.all([browser?.close(), stack?.close()]));
afterEach(async () => {
  const complaints = tabs.flatMap((tab) => tab.complaints);
  await Promise.all(tabs.splice(0).map(({ page }) => page.context().close()));
  await Promise.all(clients.splice(0).map((client) => client.close()));
  if (complaints.length > 0) throw new Error(`The browser complained:\n${complaints.join("\n")}`);
});

async function tab(options: BrowserContextOptions = {}): Promise<Page> {
  const opened = await openTab(browser, options);
  tabs.push(opened);
  return opened.page;
}

async function client(options: LoopbackClientOptions = {}): Promise<LoopbackClient> {
  const started = await startLoopbackClient(stack, options);
  clients.push(started);
  return started;
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const pick = (page: Page, login: string) => page.locator(`button[value="${login}"]`).click();
const backInTheApp = (page: Page) => page.getByRole("heading", { name: "Back in the app" });

/** Whether something sticks out to the right of the window. */
function widths(page: Page): Promise<{ content: number; window: number }> {
  return page.evaluate(() => ({
    content: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }));
}

describe("the browser", () => {
  it("is there to test the pages with", ({ skip }) => {
    skip(MISSING_BROWSER !== undefined && !BROWSER_IS_REQUIRED, MISSING_BROWSER);

    expect(MISSING_BROWSER).toBeUndefined();
  });
});

describe("the pages in Chromium", () => {
  beforeEach(({ skip }) => skip(MISSING_BROWSER !== undefined, MISSING_BROWSER));

  describe("the start page", () => {
    it("shows the address and how to connect, with no script", async () => {
      const page = await tab();

      await page.goto(stack.url);

      expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe(
        "Your GitHub, in the assistant you already use",
      );
      expect(await page.locator(".endpoint code").textContent()).toBe(`${stack.url}/mcp`);
      expect(await page.evaluate(() => document.scripts.length)).toBe(0);
      const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(paper).not.toBe("rgba(0, 0, 0, 0)");
    });

    it("opens the instructions of a client on a click, without a script", async () => {
      const page = await tab({ javaScriptEnabled: false });
      await page.goto(stack.url);
      const code = page.locator("details", { hasText: "Claude Code" }).locator("pre");
      expect(await code.isVisible()).toBe(false);

      await page.getByText("Claude Code", { exact: true }).click();

      expect(await code.textContent()).toBe(
        `claude mcp add --transport http github ${stack.url}/mcp`,
      );
      expect(await code.isVisible()).toBe(true);
    });
  });

  describe("the consent page", () => {
    it("says who asks, where access goes, and what it allows", async () => {
      const page = await tab();
      const { authorizeUrl, redirectUri } = await client({ name: "Honest <b>app</b>" });

      await page.goto(authorizeUrl);

      const words = await page.locator("form").innerText();
      expect(words).toContain("Honest <b>app</b>");
      expect(words).toContain("unverified");
      expect(words).toContain(new URL(redirectUri).hostname);
      expect(words).toContain("This sends access to an app on this computer.");
      expect(words).toContain("Use this server's tools");
      expect(words).toContain("Read your profile and public data on GitHub");
      expect(words).toContain(new URL(stack.githubUrl).host);
      const optional = page.getByRole("checkbox", { name: "Read your private repositories" });
      expect(await optional.isChecked()).toBe(false);
      expect(await page.evaluate(() => document.scripts.length)).toBe(0);
    });

    it("refuses when Enter is pressed in haste", async () => {
      const page = await tab();
      const { authorizeUrl, calledBack } = await client();
      await page.goto(authorizeUrl);

      await page.getByRole("checkbox").press("Enter");
      await backInTheApp(page).waitFor();

      expect(calledBack.map(({ searchParams }) => searchParams.get("error"))).toEqual([
        "access_denied",
      ]);
    });
  });

  describe.each([
    { how: "with JavaScript", options: {} },
    { how: "without JavaScript", options: { javaScriptEnabled: false } },
    { how: "on a phone", options: { ...PHONE, hasTouch: true, isMobile: true } },
  ])("signing in $how", ({ options }) => {
    it("ends in the client with a code that reads the private repositories that were allowed", async () => {
      const page = await tab(options);
      const app = await client();
      await page.goto(app.authorizeUrl);
      await page.getByLabel("Read your private repositories").check();
      await press(page, "Allow");
      await pick(page, "octocat");
      await backInTheApp(page).waitFor();

      expect(app.calledBack.map((back) => Object.fromEntries(back.searchParams))).toEqual([
        { code: expect.stringMatching(/./), state: app.state, iss: stack.url },
      ]);
      const tokens = await app.redeem(app.calledBack[0]?.searchParams.get("code") ?? "");
      expect(tokens.scope.split(" ")).toContain("github:private");
      expect(await readmeOf("octocat/private-notes", tokens.access_token)).toContain(
        "third palm tree",
      );
    });

    it("ends in the client with access_denied when the person presses Deny", async () => {
      const page = await tab(options);
      const app = await client();
      await page.goto(app.authorizeUrl);
      await press(page, "Deny");
      await backInTheApp(page).waitFor();

      expect(app.calledBack.map(answerOf)).toEqual([
        { error: "access_denied", state: app.state, iss: stack.url },
      ]);
    });

    it("ends in the client with access_denied when the person cancels at GitHub", async () => {
      const page = await tab(options);
      const app = await client();
      await page.goto(app.authorizeUrl);
      await press(page, "Allow");
      await press(page, "Cancel");
      await backInTheApp(page).waitFor();

      expect(app.calledBack.map(answerOf)).toEqual([
        { error: "access_denied", state: app.state, iss: stack.url },
      ]);
    });
  });

  it("signs a person in at 127.0.0.1 as well", async () => {
    const url = stack.url.replace("localhost", "127.0.0.1");
    const page = await tab();
    const app = await client({ url });
    await page.goto(app.authorizeUrl);
    await press(page, "Allow");
    await pick(page, "hubot");
    await backInTheApp(page).waitFor();

    const [back] = app.calledBack;
    expect(back?.searchParams.get("iss")).toBe(url);
    expect((await app.redeem(back?.searchParams.get("code") ?? "")).scope).toBe(
      "mcp:tools github:read",
    );
  });

  describe("a phone that is 360 pixels wide", () => {
    it("shows the start page, with every instruction open, without scrolling sideways", async () => {
      const page = await tab(PHONE);
      await page.goto(stack.url);
      for (const summary of await page.locator("summary").all()) await summary.click();

      expect(await page.locator("details[open]").count()).toBeGreaterThan(5);
      expect(await page.locator("details:not([open])").count()).toBe(0);
      const { content, window } = await widths(page);
      expect(content).toBe(window);
    });

    it("shows the consent page of an app with a long name without scrolling sideways", async () => {
      const page = await tab(PHONE);
      const { authorizeUrl } = await client({ name: "W".repeat(80) });
      await page.goto(authorizeUrl);

      const { content, window } = await widths(page);
      expect(content).toBe(window);
      expect(await page.getByRole("button", { name: "Allow" }).isVisible()).toBe(true);
    });
  });

  describe("a person who prefers dark pages", () => {
    it.each(["the start page", "the consent page"])(
      "gets light words on dark: %s",
      async (which) => {
        const page = await tab({ colorScheme: "dark" });
        await page.goto(which === "the start page" ? stack.url : (await client()).authorizeUrl);

        const { words, paper } = await brightness(page);
        expect(paper).toBeLessThan(0.2);
        expect(words).toBeGreaterThan(0.8);
      },
    );
  });
});

async function readmeOf(repositoryUrl: string, token: string): Promise<string> {
  const stateless = ERAS.find(({ era }) => era === "stateless 2026-07-28");
  const connected: Connected = await stateless!.connect(stack.url, token);
  const readme = await callTool(connected, "getGithubReadme", { repositoryUrl });
  await connected.close();
  return textOf(readme);
}

/** What a client is told, apart from words for people. */
function answerOf({ searchParams }: URL): Record<string, string> {
  const { error_description: _, ...answer } = Object.fromEntries(searchParams);
  return answer;
}

/** How bright the page's words and its paper are, from 0 to 1. */
async function brightness(page: Page): Promise<{ words: number; paper: number }> {
  const { color, backgroundColor } = await page.evaluate(() => {
    const style = getComputedStyle(document.body);
    return { color: style.color, backgroundColor: style.backgroundColor };
  });
  const bright = (rgb: string) =>
    Math.max(...(rgb.match(/\d+/g) ?? []).slice(0, 3).map(Number)) / 255;
  return { words: bright(color), paper: bright(backgroundColor) };
}
