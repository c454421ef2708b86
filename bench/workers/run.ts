import { createServer } from "node:net";
import { dirname } from "node:path";

import {
  type SourcelessWorkerOptions,
  unstable_getMiniflareWorkerOptions,
  unstable_readConfig,
  type Unstable_Config as Config,
} from "wrangler";

import type { Build } from "./build.ts";
import { startMiniflare } from "./miniflare.ts";
import { processorTime, residentMemory, startedRuntime } from "./process-table.ts";

export type Limits = "deployed" | "raised" | "none";

export interface RunOptions {
  readonly build: Build;
  /** Settings of the Worker, which may name the origin that it is about to be served under. */
  vars?(origin: string): Record<string, string>;
  readonly inspect?: boolean;
  /** Rate limits as they are deployed, raised so that none is ever reached (as usual), or none at all. */
  readonly limits?: Limits;
  /** Where KV and Durable Objects are kept; a folder of the runtime's own when absent. */
  readonly stateDir?: string;
  /** Keeps idle Durable Objects in memory, from which the runtime takes them after ten seconds. */
  readonly keepsObjects?: boolean;
}

export interface RunningWorker {
  /** A socket of workerd that leads straight to the Worker. */
  readonly origin: string;
  /** Its process; undefined where that can't be seen. */
  readonly pid: number | undefined;
  /** Milliseconds of processor time that its process has used; undefined where that can't be seen. */
  processorTime(): Promise<number | undefined>;
  /** Bytes of main memory that its process holds; undefined where that can't be seen. */
  memory(): Promise<number | undefined>;
  inspectorUrl(): Promise<URL>;
  /** Writes into the namespace in which everything of ours is kept. */
  putInKv(key: string, value: string, options: object): Promise<void>;
  close(): Promise<void>;
}

const UNREACHED = 1_000_000_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}

type RateLimit = Config["ratelimits"][number];

/** One client here asks as many would: a limit that it met would be measured instead of the Worker. */
const raised = (limit: RateLimit): RateLimit => ({
  ...limit,
  simple: { ...limit.simple, limit: UNREACHED },
});

function limitsOf({ ratelimits }: Config, limits: Limits): RateLimit[] {
  if (limits === "none") return [];
  return limits === "deployed" ? ratelimits : ratelimits.map(raised);
}

type DurableObjects = SourcelessWorkerOptions["durableObjects"];

/** The same classes, none of which is ever evicted. */
function kept(objects: DurableObjects): DurableObjects {
  const designators = Object.entries(objects ?? {}).map(([binding, object]) => {
    const designator = typeof object === "string" ? { className: object } : object;
    return [binding, { ...designator, unsafePreventEviction: true }];
  });
  return Object.fromEntries(designators) as DurableObjects;
}

/**
 * Serves a built Worker from a workerd of its own. Neither `wrangler dev` nor its test harness will
 * do: both put a second workerd, with a proxy in it, between the client and the Worker.
 */
export async function runWorker(options: RunOptions): Promise<RunningWorker> {
  const { build, vars, inspect, limits = "raised", stateDir, keepsObjects } = options;
  const port = await freePort();
  const given = unstable_readConfig({ config: build.config });
  // Workers AI exists only at Cloudflare, and secrets of this machine have no place here.
  const config = {
    ...given,
    ratelimits: limitsOf(given, limits),
    ai: undefined,
    secrets: undefined,
  };
  const { workerOptions } = unstable_getMiniflareWorkerOptions(config);
  const { result: miniflare, pid } = await startedRuntime(async () => {
    const started = startMiniflare({
      ...workerOptions,
      ...(keepsObjects && { durableObjects: kept(workerOptions.durableObjects) }),
      modules: [{ type: "ESModule", path: build.entry }],
      modulesRoot: dirname(build.entry),
      bindings: { ...config.vars, ...vars?.(`http://127.0.0.1:${port}`) },
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
      cf: false,
      ...(inspect && { inspectorPort: 0 }),
      ...(stateDir !== undefined && { resourcePersistencePath: stateDir }),
      // The Worker still writes its log; nobody reads it while it is measured.
      handleStructuredLogs() {},
    });
    await started.ready;
    return started;
  });
  let ended: Promise<void> | undefined;
  return {
    origin: (await miniflare.unsafeGetDirectURL()).origin,
    pid,
    processorTime: () => processorTime(pid),
    memory: () => residentMemory(pid),
    inspectorUrl: () => miniflare.getInspectorURL(),
    putInKv: async (...entry) => (await miniflare.getKVNamespace("OAUTH_KV")).put(...entry),
    close: () => (ended ??= miniflare.dispose()),
  };
}
