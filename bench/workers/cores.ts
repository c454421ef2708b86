import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Which cores the Worker that is measured has to itself, and which are left to the load. */
export interface CoreSplit {
  readonly worker: number;
  readonly load: readonly number[];
}

/** The cores in a list such as `0-2,5`, as Linux writes it. */
export function coresIn(list: string): number[] {
  return list
    .split(",")
    .filter((range) => /^\d+(?:-\d+)?$/.test(range))
    .flatMap((range) => {
      const [first = 0, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** The first core is the Worker's. One core alone cannot be split. */
export function splitOf([worker, ...load]: readonly number[]): CoreSplit | undefined {
  return worker === undefined || load.length === 0 ? undefined : { worker, load };
}

function allowedCores(): number[] {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return coresIn(/^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1] ?? "");
  } catch {
    return [];
  }
}

/** Moves a process, all its threads and those still to come. */
async function pin(pid: number, cores: readonly number[]): Promise<void> {
  await run("taskset", ["--all-tasks", "--cpu-list", "--pid", cores.join(","), String(pid)]);
}

/**
 * Leaves this process, which is the load and GitHub, all cores but one. Undefined where that cannot
 * be done: on another system than Linux, without `taskset`, or with one core.
 */
export async function claimCores(): Promise<CoreSplit | undefined> {
  const split = splitOf(allowedCores());
  if (!split) return undefined;
  try {
    await pin(process.pid, split.load);
    return split;
  } catch {
    return undefined;
  }
}

/** Puts a Worker's process on the core that is kept for it. */
export async function moveToWorkerCore(
  pid: number | undefined,
  split: CoreSplit | undefined,
): Promise<void> {
  if (pid !== undefined && split) await pin(pid, [split.worker]);
}
