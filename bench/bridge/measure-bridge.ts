import { readFile } from "node:fs/promises";

import type { EmulatorControl } from "../../emulator/control-client.ts";
import { openShell, type Shell } from "../../test/support/shell.ts";
import { allow } from "../../test/support/sign-in.ts";
import type { StdioRpc } from "../../test/support/stdio-rpc.ts";
import type { Connection } from "../lanes/lane.ts";
import { addCall } from "../lanes/rpc.ts";
import { median } from "../statistics.ts";
import { type BridgeName, initialize, startBridge } from "./bridges.ts";

const AT_ONCE = 10;
const IN_FLIGHT = 16;
const CALLS = 300;
const THROUGHPUT_CALLS = 600;

/** How long ten bridges may take to connect before those that have not are counted as failed. */
const PATIENCE_MS = 60_000;

export interface BridgeSite {
  /** The MCP endpoint. */
  readonly url: string;
  readonly origin: string;
  readonly github: EmulatorControl;
}

/** What one bridge did in one round; times in milliseconds. */
export interface BridgeSample {
  /** From its start until `initialize` is answered, with a token from an earlier run. */
  readonly startUp: number;
  /** What it adds to one call, on its own. */
  readonly added: number;
  /** Calls a second, sixteen in flight. */
  readonly rate: number;
  /** Bytes of main memory after that. */
  readonly memory: number;
}

/** What became of ten bridges that were started at once, none of which had a token. */
export interface Together {
  readonly windows: number;
  readonly connected: number;
  readonly milliseconds: number;
}

async function callAdd(bridge: StdioRpc): Promise<void> {
  const { method, params, check } = addCall();
  const result = await bridge.request(method, params);
  if (!check(result)) throw new Error(`A wrong sum: ${JSON.stringify(result)}`);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function rateOf(bridge: StdioRpc): Promise<number> {
  let left = THROUGHPUT_CALLS;
  const milliseconds = await timed(() =>
    Promise.all(
      Array.from({ length: IN_FLIGHT }, async () => {
        while (left-- > 0) await callAdd(bridge);
      }),
    ),
  );
  return (THROUGHPUT_CALLS / milliseconds) * 1000;
}

/** Resident bytes, as Linux counts them. */
async function memoryOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** Lets a bridge in for the first time, so that its home holds a token. */
export async function signInOnce(name: BridgeName, site: BridgeSite, shell: Shell): Promise<void> {
  const bridge = startBridge(name, site.url, shell);
  const connected = initialize(bridge);
  const page = await shell.firstOpened(connected);
  await fetch(await allow({ url: site.origin, github: site.github }, page, { login: "octocat" }));
  await connected;
  await bridge.close();
}

/**
 * One start with a token that is there, then calls one by one, each beside one without a bridge, then
 * many at once.
 */
export async function measureBridge(
  name: BridgeName,
  site: BridgeSite,
  { shell, direct }: { shell: Shell; direct: Connection },
): Promise<BridgeSample> {
  const startedAt = performance.now();
  const bridge = startBridge(name, site.url, shell);
  try {
    await initialize(bridge);
    const startUp = performance.now() - startedAt;
    for (let warm = 0; warm < CALLS; warm += 1) await callAdd(bridge);
    const through: number[] = [];
    const without: number[] = [];
    while (through.length < CALLS) {
      without.push(await timed(() => direct.exchange()));
      through.push(await timed(() => callAdd(bridge)));
    }
    const added = median(through) - median(without);
    const rate = await rateOf(bridge);
    return { startUp, added, rate, memory: await memoryOf(bridge.pid) };
  } finally {
    await bridge.kill();
  }
}

/** Ten starts at once in a home without a token; a person answers the first window and no other. */
export async function measureTogether(name: BridgeName, site: BridgeSite): Promise<Together> {
  const shell = await openShell();
  const bridges = Array.from({ length: AT_ONCE }, () => startBridge(name, site.url, shell));
  try {
    const startedAt = performance.now();
    let connected = 0;
    const all = Promise.allSettled(
      bridges.map(async (bridge) => {
        await initialize(bridge);
        connected += 1;
      }),
    );
    const page = await shell.firstOpened();
    await fetch(await allow({ url: site.origin, github: site.github }, page, { login: "octocat" }));
    await Promise.race([all, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref())]);
    const milliseconds = performance.now() - startedAt;
    return { windows: shell.opened().length, connected, milliseconds };
  } finally {
    await Promise.all(bridges.map((bridge) => bridge.kill()));
    await shell.remove();
  }
}
