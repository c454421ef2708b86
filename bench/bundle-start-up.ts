import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { basename, dirname, join } from "node:path";

import { unstable_readConfig } from "wrangler";

import { OURS } from "./workers/configs.ts";
import { startMiniflare } from "./workers/miniflare.ts";
import { processorTime, startedRuntime } from "./workers/process-table.ts";

/** Every start is another process, and a process is up to a tenth faster or slower than the next. */
const ROUNDS = 11;

const ANSWER = 'export default { fetch: () => new Response("ok") };\n';

/** The stock servers read this one setting when their module is evaluated. */
const SETTINGS = { MCP_RESOURCE: "http://127.0.0.1" };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}

/**
 * Processor time of workerd, in milliseconds, from its start to a first answer that needs nothing of
 * the module. The module is read, compiled and evaluated, as in an isolate that starts.
 */
async function timeToStart(main: string, module?: string): Promise<number | undefined> {
  const port = await freePort();
  const { compatibility_date, compatibility_flags } = unstable_readConfig({ config: OURS });
  const paths = module === undefined ? [main] : [main, module];
  const { result: miniflare, pid } = await startedRuntime(async () => {
    const started = startMiniflare({
      name: "start-up",
      compatibilityDate: compatibility_date,
      compatibilityFlags: compatibility_flags,
      bindings: SETTINGS,
      modules: paths.map((path) => ({ type: "ESModule", path })),
      modulesRoot: dirname(main),
      unsafeDirectSockets: [{ host: "127.0.0.1", port }],
      cf: false,
      handleStructuredLogs() {},
    });
    await started.ready;
    return started;
  });
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/`);
    if ((await answer.text()) !== "ok") throw new Error(`${main} did not start.`);
    return await processorTime(pid);
  } finally {
    await miniflare.dispose();
  }
}

async function mainFor(module: string): Promise<string> {
  const main = join(dirname(module), "start-up.js");
  await writeFile(main, `import "./${basename(module)}";\n${ANSWER}`);
  return main;
}

/**
 * What it costs to start each bundled module, in milliseconds of processor time by module and round:
 * what workerd needs without one, in the same round, is taken off. Undefined where the processor time
 * of a process can't be seen.
 */
export async function startUpTimes(
  modules: readonly string[],
  folder: string,
): Promise<number[][] | undefined> {
  const bare = join(folder, "bare.js");
  await writeFile(bare, ANSWER);
  const starts = await Promise.all(
    modules.map(async (module) => ({ main: await mainFor(module), module, times: [] as number[] })),
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    const without = await timeToStart(bare);
    for (const { main, module, times } of starts) {
      const time = await timeToStart(main, module);
      if (time === undefined || without === undefined) return undefined;
      times.push(time - without);
    }
  }
  return starts.map(({ times }) => times);
}
