import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { type EmulatorControl, emulatorControl } from "../../emulator/control-client.ts";
import { startStack } from "../../scripts/stack.ts";
import type { Vars } from "../../scripts/vars.ts";

/** Below the ports that systems give to outgoing connections, and none that browsers refuse. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;

/** The Worker in `wrangler dev` and the local GitHub, as `npm start` runs them. */
export interface TestStack {
  /** Where the Worker listens, such as http://localhost:23456. */
  readonly url: string;
  readonly githubUrl: string;
  readonly github: EmulatorControl;
  /** Where it keeps what a restart finds again. */
  readonly stateDir: string;
  /** What the Worker printed. */
  readonly log: readonly string[];
  /** Ends both, and starts them again on the same ports with what they kept. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Starts both, with what `.dev.vars` would say. */
export async function startTestStack(vars: Vars = {}): Promise<TestStack> {
  const stateDir = await mkdtemp(join(tmpdir(), "github-mcp-worker-stack-"));
  const log: string[] = [];
  const [port, emulatorPort] = [await freePort(), await freePort()];
  const start = async () => {
    try {
      return await startStack({
        port,
        emulatorPort,
        stateDir,
        vars,
        onLog: (line) => void log.push(line),
      });
    } catch (error) {
      throw new Error(`The stack did not start. It printed: ${log.join("\n")}`, { cause: error });
    }
  };
  const forget = () => rm(stateDir, { recursive: true, force: true });
  let stack = await start().catch(async (error: unknown) => {
    await forget();
    throw error;
  });
  return {
    url: stack.url,
    githubUrl: stack.githubUrl,
    github: emulatorControl(stack.githubUrl),
    stateDir,
    log,
    async restart() {
      await stack.close();
      stack = await start();
    },
    async close() {
      await stack.close();
      await forget();
    },
  };
}

export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if ((await isFree(port, "127.0.0.1")) && (await isFree(port, "::1"))) return port;
  }
}

/** Whether nothing listens there. An address that this machine lacks counts as free. */
function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "EADDRINUSE"));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
