import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REFEREE = fileURLToPath(new URL("../../node_modules/.bin/conformance", import.meta.url));

const SCENARIO_TIMEOUT_MS = 30_000;

export interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly errorMessage?: string;
}

export interface Scenario {
  readonly name: string;
  /** `required`, or why the revision does not count it: `extension`, `pending`, `added-after-release`. */
  readonly standing: string;
  readonly checks: readonly Check[];
}

export interface RefereeOptions {
  readonly revision: string;
  readonly url: string;
  /** Ends the referee's process. */
  readonly signal: AbortSignal;
}

/** Runs everything that one revision asks of servers. Throws when the referee did not get through it. */
export async function runReferee({ revision, url, signal }: RefereeOptions): Promise<Scenario[]> {
  const folder = await mkdtemp(join(tmpdir(), "mcp-referee-"));
  try {
    const set = ["--requirements", revision];
    const standings = standingsIn(await referee(["list", ...set], signal));
    const where = ["--url", url, "--output-dir", folder, "--timeout", String(SCENARIO_TIMEOUT_MS)];
    const output = await referee(["server", ...set, ...where], signal);
    const results = await readResults(folder);
    const silent = [...standings.keys()].filter((name) => !results.has(name));
    if (standings.size === 0 || silent.length > 0) {
      throw new Error(`No results for ${silent.join(", ") || revision}:\n${output.slice(-4000)}`);
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
function referee(args: string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { signal, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [REFEREE, ...args], options, (error, stdout, stderr) => {
      if (error && error.code !== 1) reject(error);
      else resolve(stdout + stderr);
    });
  });
}

/** Reads the list of a revision: a section of required server scenarios, then others under a reason each. */
function standingsIn(list: string): Map<string, string> {
  const standings = new Map<string, string>();
  let section = "";
  for (const line of list.split("\n")) {
    section = /^(\S.*):$/.exec(line)?.[1] ?? /^ {2}([a-z-]+) \(\d+\):$/.exec(line)?.[1] ?? section;
    const required = section.startsWith("Server scenarios") && /^ {2}- (\S+)$/.exec(line)?.[1];
    const uncounted = /^ {4}- (\S+) \[server\]$/.exec(line)?.[1];
    if (required) standings.set(required, "required");
    if (uncounted) standings.set(uncounted, section);
  }
  return standings;
}

/** The checks of every scenario, from folders named `server-<scenario>-<time>`. */
async function readResults(folder: string): Promise<Map<string, Check[]>> {
  const results = new Map<string, Check[]>();
  for (const entry of await readdir(folder)) {
    const name = /^server-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/.exec(entry)?.[1];
    if (name === undefined) continue;
    const file = join(folder, entry, "checks.json");
    results.set(name, JSON.parse(await readFile(file, "utf8")) as Check[]);
  }
  return results;
}
