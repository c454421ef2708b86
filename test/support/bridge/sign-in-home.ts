import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { NODE } from "../shell.ts";

/** A page as the person sees it who comes back from signing in. */
interface SeenPage {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A person on a machine: what bridges keep there, and a browser. */
export interface SignInHome {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The pages that were opened, each with the arguments that the browser was given. */
  opened(): string[][];
  /** What the browser showed at last, for each page that it followed. */
  shown(): SeenPage[];
  /** The names of the files that are kept, records only. */
  records(): Promise<string[]>;
  record(): Promise<Record<string, any>>;
  /** Changes the only record. */
  change(edit: (record: Record<string, any>) => void): Promise<void>;
  remove(): Promise<void>;
}

/** The browser follows each page, as a person who allows everything; or leaves it alone. */
export async function openSignInHome(
  person: "follows" | "is away" = "follows",
): Promise<SignInHome> {
  const base = await mkdtemp(join(tmpdir(), "mcp-bridge-home-"));
  const folder = join(base, "state");
  const pages = join(base, "pages");
  const shown = join(base, "shown");
  const browser = join(base, "browser.mjs");
  const follow = `
    const response = await fetch(process.argv[2]);
    const page = { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    appendFileSync(${JSON.stringify(shown)}, JSON.stringify(page) + "\\n");`;
  await writeFile(
    browser,
    `#!${NODE}
    import { appendFileSync } from "node:fs";
    appendFileSync(${JSON.stringify(pages)}, JSON.stringify(process.argv.slice(2)) + "\\n");
    ${person === "follows" ? follow : ""}`,
    { mode: 0o755 },
  );
  const records = async () =>
    existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith(".json")) : [];
  const only = async () => {
    const [name, ...others] = await records();
    if (name === undefined || others.length > 0) throw new Error("There is not one record.");
    return join(folder, name);
  };
  const home: SignInHome = {
    folder,
    env: { MCP_BRIDGE_HOME: folder, BROWSER: browser },
    opened: () => linesOf(pages),
    shown: () => linesOf(shown),
    records,
    record: async () => JSON.parse(await readFile(await only(), "utf8")),
    async change(edit) {
      const record = await home.record();
      edit(record);
      await writeFile(await only(), JSON.stringify(record));
    },
    remove: () => rm(base, { recursive: true, force: true, maxRetries: 5 }),
  };
  return home;
}

function linesOf(file: string): any[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
