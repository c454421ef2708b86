import { existsSync } from "node:fs";
import { userInfo } from "node:os";

import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const PATH = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";

export const BROWSER_IS_REQUIRED = process.env["REQUIRE_BROWSER"] === "1";

/** Why there is no browser to test with, if there is none. */
export const MISSING_BROWSER = existsSync(PATH)
  ? undefined
  : `there is no browser at ${PATH}; install Chromium, or set CHROMIUM_PATH`;

export function launchChromium(): Promise<Browser> {
  // Chromium refuses to run its sandbox as root.
  const args = userInfo().uid === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: PATH, args });
}

/** A tab, and everything that its pages complained about: scripts, policies, missing files. */
export interface Tab {
  readonly page: Page;
  readonly complaints: readonly string[];
}

export async function openTab(browser: Browser, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`${message.text()} at ${page.url()}`);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    // What the browser itself gave up because it went on to the next page.
    if (reason !== "net::ERR_ABORTED") complaints.push(`${request.url()} failed: ${reason}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(`${response.url()} is ${response.status()}`);
  });
  return { page, complaints };
}
