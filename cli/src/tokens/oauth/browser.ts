import { spawn } from "node:child_process";
import { once } from "node:events";

import { log, logAddress } from "../../output/log.ts";

/** A program that is given a page's address as its only argument, in place of the system's browser. */
const BROWSER_VARIABLE = "BROWSER";

/**
 * Shows a page to the person, and writes its address to stderr for those who have no browser here.
 * No shell is involved.
 */
export async function showPage(page: URL): Promise<void> {
  logAddress("Sign in to the server in the browser, at", page);
  try {
    await open(page.href, process.env[BROWSER_VARIABLE]);
  } catch {
    log("warn", "No browser could be opened: open the address yourself.");
  }
}

async function open(address: string, program: string | undefined): Promise<void> {
  if (!program) {
    const { default: openInBrowser } = await import("open");
    await openInBrowser(address);
    return;
  }
  const browser = spawn(program, [address], { stdio: "ignore", detached: true, shell: false });
  await once(browser, "spawn");
  browser.unref();
}
