import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import type { TestReference } from "../security/security-case.ts";
import type { TestReport } from "./verdict.ts";

/** Time to close browsers and workerd after a request to end, before the group is killed. */
const GRACE_MS = 5_000;

const SHOWN_OUTPUT = 2_000;

interface TestRunOptions {
  /** The copy of the project that is tested. */
  readonly folder: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What Vitest reports, or in words why it reports nothing. */
type TestRun = TestReport | string;

/**
 * A pattern for a part of a test's full name. Vitest matches names in which ` > ` stands after each
 * `describe`, and reports the same names with a space there.
 */
function patternFor(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll(" ", "( > | )");
}

/** Vitest's words for the tests: whole files, unless each reference has a name. */
export function vitestArguments(tests: readonly TestReference[]): string[] {
  const files = new Set(tests.map(({ file }) => file));
  const projects = new Set(Array.from(files, (file) => file.split("/")[0] ?? ""));
  const names = tests.flatMap(({ name }) => name ?? []);
  const patterns = Array.from(new Set(names), patternFor);
  return [
    ...Array.from(projects, (project) => `--project=${project}`),
    ...(names.length < tests.length ? [] : [`--testNamePattern=(${patterns.join("|")})`]),
    ...Array.from(files, (file) => `test/${file}.test.ts`),
  ];
}

/** Runs tests in a copy of the project, in a process group of their own that ends with them. */
export async function runTests(
  tests: readonly TestReference[],
  { folder, timeoutMs, signal }: TestRunOptions,
): Promise<TestRun> {
  const [bin, reportFile] = [join(folder, "node_modules", ".bin"), join(folder, "report.json")];
  // What a killed test leaves behind goes with the copy.
  const scratch = join(folder, ".scratch");
  mkdirSync(scratch, { recursive: true });
  rmSync(reportFile, { force: true });
  const words = ["run", "--reporter=json", `--outputFile=${reportFile}`, ...vitestArguments(tests)];
  const child = spawn(join(bin, "node"), [join(bin, "vitest"), ...words], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
      TMPDIR: scratch,
    },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-SHOWN_OUTPUT);
    });
  }
  const killAll = () => tell(child.pid, "SIGKILL");
  // Before anything else at our exit, such as the removal of the folder.
  process.prependOnceListener("exit", killAll);
  const timeout = AbortSignal.timeout(timeoutMs);
  const stop = AbortSignal.any([signal, timeout]);
  const stopped = once(stop, "abort").then(() => "stopped" as const);
  const ending = await Promise.race([once(child, "exit"), stopped]);
  if (ending === "stopped" && tell(child.pid, "SIGTERM")) await delay(GRACE_MS);
  killAll();
  process.off("exit", killAll);
  signal.throwIfAborted();
  if (ending === "stopped") return `The tests did not end within ${timeoutMs / 1000} seconds.`;
  try {
    return JSON.parse(readFileSync(reportFile, "utf8")) as TestReport;
  } catch {
    return `Vitest wrote no report. It printed: ${output}`;
  }
}

/** Whether there was still somebody to tell. */
function tell(group: number | undefined, signal: NodeJS.Signals): boolean {
  try {
    return group !== undefined && process.kill(-group, signal);
  } catch {
    return false;
  }
}
