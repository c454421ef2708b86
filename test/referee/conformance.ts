import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import type { Check, Scenario } from "./scenario.ts";

const COMMAND = fileURLToPath(new URL("../../node_modules/.bin/conformance", import.meta.url));

/** A run takes about ten seconds; only one that hangs takes this long. */
export const RUN_TIMEOUT_MS = 4 * 60_000;

export interface ConformanceOptions {
  /** Whom the referee looks at. */
  readonly leg?: "server" | "client";
  /** What says which scenarios there are, to `conformance list`. */
  readonly list: readonly string[];
  /** What runs them all. */
  readonly run: readonly string[];
  /** Ends the run. */
  readonly signal?: AbortSignal;
  /** Called with each line that the run prints. */
  readonly onLine?: (line: string) => void;
}

/** Runs scenarios. Throws when the referee did not get through all of them. */
export async function conformance(options: ConformanceOptions): Promise<Scenario[]> {
  const { list, run, leg = "server" } = options;
  const folder = await mkdtemp(join(tmpdir(), "mcp-referee-"));
  try {
    const standings = standingsIn(await execute(["list", ...list], {}), leg);
    const output = await execute([...run, "--output-dir", folder], options);
    const results = await readResults(folder);
    const silent = [...standings.keys()].filter((name) => !results.has(name));
    if (standings.size === 0 || silent.length > 0) {
      const what = silent.join(", ") || list.join(" ");
      throw new Error(`The referee has no results for ${what}:\n${output.slice(-4000)}`);
    }
    return Array.from(standings, ([name, standing]) => ({
      name,
      standing,
      checks: results.get(name) ?? [],
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the referee prints. It exits with 1 for failed checks too, so only its results count. */
function execute(
  args: readonly string[],
  { signal, onLine }: Pick<ConformanceOptions, "signal" | "onLine">,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { signal, timeout: RUN_TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [COMMAND, ...args], options, (error, out, err) => {
      if (error && error.code !== 1) reject(error);
      else resolve(out + err);
    });
    if (onLine && child.stdout) createInterface({ input: child.stdout }).on("line", onLine);
  });
}

/** Reads a list: the scenarios of servers or clients, then those that the revision does not count, under a reason each. */
function standingsIn(list: string, leg: string): Map<string, string> {
  const standings = new Map<string, string>();
  let section = "";
  for (const line of list.split("\n")) {
    section = /^(\S.*):$/.exec(line)?.[1] ?? /^ {2}([a-z-]+) \(\d+\):$/.exec(line)?.[1] ?? section;
    const isOurs = (leg === "client" ? /^client scenarios/i : /server scenarios/i).test(section);
    const counted = isOurs && /^ {2}- (\S+)/.exec(line)?.[1];
    const [, uncounted, of] = /^ {4}- (\S+) \[(server|client)\]$/.exec(line) ?? [];
    if (counted) standings.set(counted, "required");
    if (uncounted !== undefined && of === leg) standings.set(uncounted, section);
  }
  return standings;
}

/** The checks of every scenario, from folders named after it and the time, some with a prefix. */
async function readResults(folder: string): Promise<Map<string, Check[]>> {
  const results = new Map<string, Check[]>();
  for (const entry of await readdir(folder, { recursive: true })) {
    const [, name] =
      /^(?:(?:authorization-)?server-)?(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z\/checks\.json$/.exec(entry) ??
      [];
    if (name === undefined) continue;
    const file = join(folder, entry);
    results.set(name, JSON.parse(await readFile(file, "utf8")) as Check[]);
  }
  return results;
}
