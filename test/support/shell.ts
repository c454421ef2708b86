import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));

export const NODE = join(bin, "node");

/** How programs open a page, by system. */
const OPENERS = ["open", "xdg-open", "gio", "x-www-browser", "sensible-browser"];
const OPEN_TIMEOUT_MS = 45_000;

/** Where a program runs: an empty home, no desktop, and a browser that only notes what it is shown. */
export interface Shell {
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  /** The pages that were opened so far. */
  opened(): string[];
  /** The first page that a program opens. Throws when it ends, or none comes. */
  firstOpened(ended?: Promise<unknown>): Promise<string>;
  remove(): Promise<void>;
}

export async function openShell(): Promise<Shell> {
  const home = await mkdtemp(join(tmpdir(), "github-mcp-worker-home-"));
  const openers = join(home, "openers");
  const pages = join(home, "opened-pages");
  await mkdir(openers);
  for (const name of OPENERS) {
    const file = join(openers, name);
    // `gio open URL`, and `open URL`: the page is the last argument.
    await writeFile(file, `#!/bin/sh\nfor page; do :; done\necho "$page" >> '${pages}'\n`);
    await chmod(file, 0o755);
  }
  const opened = () =>
    existsSync(pages) ? readFileSync(pages, "utf8").split("\n").filter(Boolean) : [];
  return {
    home,
    env: {
      HOME: home,
      BROWSER: join(openers, "xdg-open"),
      PATH: [openers, bin, process.env["PATH"] ?? ""].join(delimiter),
    },
    opened,
    firstOpened: (ended) => firstOf(opened, ended),
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function firstOf(opened: () => string[], ended?: Promise<unknown>): Promise<string> {
  let isOver: string | undefined;
  ended?.then(
    () => (isOver = "it ended"),
    (error: unknown) => (isOver = String(error)),
  );
  const deadline = Date.now() + OPEN_TIMEOUT_MS;
  for (;;) {
    const [page] = opened();
    if (page !== undefined) return page;
    if (isOver !== undefined) throw new Error(`The program opened no page: ${isOver}.`);
    if (Date.now() > deadline) throw new Error("The program opened no page in time.");
    await delay(25);
  }
}
