import { spawn } from "node:child_process";
import { once } from "node:events";

import type { Page } from "playwright-core";

import { launchChromium, openTab } from "../chromium.ts";
import { INSPECTOR, INSPECTOR_ROADS, type InspectorRoad } from "../inspector.ts";
import { installedVersion } from "../installed-version.ts";
import { NODE, openShell, type Shell } from "../shell.ts";
import { freePort } from "../stack.ts";
import type { ClientRow, ShownAnswer } from "./client-row.ts";

/** The server ends a stream with its token, and answers 404 to what is sent to it afterwards. */
const SSE_CANNOT = "it renews the token, but opens no new stream for it; connect again";

const START_TIMEOUT_MS = 30_000;

/** The Inspector's own server, and the address of its page. */
interface Inspector {
  readonly url: string;
  close(): Promise<void>;
}

async function startInspector({ env }: Shell, args: readonly string[]): Promise<Inspector> {
  const child = spawn(NODE, [INSPECTOR, "--web", ...args], {
    env: {
      ...env,
      CLIENT_PORT: String(await freePort()),
      MCP_SANDBOX_PORT: String(await freePort()),
      MCP_AUTO_OPEN_ENABLED: "false",
      MCP_INSPECTOR_SECRET_STORE: "file",
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "close");
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const [address] = /http:\S+MCP_INSPECTOR_API_TOKEN=\w+(?=\s)/.exec(printed) ?? [];
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    child.once("close", () => reject(new Error(`The Inspector did not start: ${printed}`)));
  });
  return {
    url,
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

/** Connects, allows and picks an account, each by a click, and goes to the page of the tools. */
async function signInOnPage(page: Page, url: string, login: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("switch", { name: "Connect or disconnect" }).click({ force: true });
  await page.getByRole("button", { name: "Allow", exact: true }).click();
  await page.locator(`button[value="${login}"]`).click();
  await page.getByRole("button", { name: "Disconnect from server" }).waitFor();
  await page.getByRole("button", { name: "Close monitoring sidebar" }).click();
  await page.getByText("Tools", { exact: true }).first().click();
  await page.getByRole("heading", { name: "Tools (" }).waitFor();
}

/** Fills in the tool's form, and reads what the page shows as its result. */
async function callOnPage(
  page: Page,
  tool: string,
  args: Record<string, unknown>,
): Promise<ShownAnswer> {
  const close = page.getByRole("button", { name: "Close results" });
  if (await close.isVisible()) await close.click();
  await close.waitFor({ state: "hidden" });
  const ofTool = page.getByRole("button").filter({ has: page.getByText(tool, { exact: true }) });
  await ofTool.click();
  for (const [name, value] of Object.entries(args)) {
    await page.getByRole("textbox", { name, exact: true }).fill(String(value));
  }
  await page.getByRole("button", { name: "Execute Tool" }).click();
  await close.waitFor();
  const text = await page.getByRole("main").innerText();
  const shown = text.slice(text.lastIndexOf("\nResults\n"));
  return { text: shown, isError: /\bError\b/.test(shown) };
}

function rowOf({ road, path, options }: InspectorRoad): ClientRow {
  return {
    program: "MCP Inspector, its web page",
    version: installedVersion("@modelcontextprotocol/inspector"),
    road,
    signsIn: "in the browser",
    ...(path === "/sse" && { cannot: { "renews its token": SSE_CANNOT } }),
    async connect(stack, login) {
      const shell = await openShell();
      const server = ["--server-url", `${stack.url}${path}`, ...options];
      const inspector = await startInspector(shell, server);
      const browser = await launchChromium();
      const close = async () => {
        await browser.close();
        await inspector.close();
        await shell.remove();
      };
      const { page } = await openTab(browser);
      const signIns: string[] = [];
      page.on("framenavigated", (frame) => {
        if (frame.url().startsWith(`${stack.url}/authorize`)) signIns.push(frame.url());
      });
      await signInOnPage(page, inspector.url, login).catch(async (error: unknown) => {
        await close();
        throw error;
      });
      return {
        // A tool's button has its title, and then its name.
        tools: () => page.locator("main button p + p").allInnerTexts(),
        call: (tool, args = {}) => callOnPage(page, tool, args),
        signIns: () => signIns.length,
        close,
      };
    },
  };
}

/** A person who clicks through the Inspector's page in Chromium. */
export const inspectorWebRows: readonly ClientRow[] = INSPECTOR_ROADS.map(rowOf);
