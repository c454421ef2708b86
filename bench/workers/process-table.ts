import { readdir, readFile } from "node:fs/promises";

/** Linux counts processor time in hundredths of a second towards user programs. */
const TICK_MS = 10;

/** The fields of /proc/<pid>/stat after the program's name, which may hold spaces. */
async function statOf(pid: number): Promise<{ name: string; fields: string[] } | undefined> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const end = line?.lastIndexOf(")");
  if (line === undefined || end === undefined) return undefined;
  return { name: line.slice(line.indexOf("(") + 1, end), fields: line.slice(end + 2).split(" ") };
}

/** The workerd processes that this process has started; none are seen where there is no /proc. */
async function runtimeProcesses(): Promise<number[]> {
  const entries = await readdir("/proc").catch(() => []);
  const pids = entries.map(Number).filter(Number.isInteger);
  const stats = await Promise.all(pids.map(async (pid) => ({ pid, stat: await statOf(pid) })));
  return stats
    .filter(({ stat }) => stat?.name === "workerd" && Number(stat.fields[1]) === process.pid)
    .map(({ pid }) => pid);
}

/** Runs `start`, and finds the one workerd process that it brought into being. */
export async function startedRuntime<Result>(
  start: () => Promise<Result>,
): Promise<{ result: Result; pid: number | undefined }> {
  const before = new Set(await runtimeProcesses());
  const result = await start();
  const [pid, another] = (await runtimeProcesses()).filter((found) => !before.has(found));
  return { result, pid: another === undefined ? pid : undefined };
}

/** The processor time that a process has used so far, in milliseconds. */
export async function processorTime(pid: number | undefined): Promise<number | undefined> {
  const fields = pid === undefined ? undefined : (await statOf(pid))?.fields;
  return fields && (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The main memory that a process holds now (VmRSS), in bytes. */
export async function residentMemory(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
