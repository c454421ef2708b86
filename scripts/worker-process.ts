import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { loopbackName, waitUntilFree } from "./ports.ts";
import { StartError } from "./start-error.ts";
import { writeVarsFile } from "./vars-file.ts";
import type { Vars } from "./vars.ts";
import { type Wrangler, startWrangler } from "./wrangler.ts";

const START_TIMEOUT_MS = 60_000;
const SHOWN_BODY = 300;

export interface WorkerOptions {
  port: number;
  stateDir: string;
  vars: Vars;
  entry?: string;
  onLog?: (line: string) => void;
  signal?: AbortSignal;
}

export interface Worker {
  url: string;
  ended: Promise<string>;
  close(): Promise<void>;
}

/** Starts wrangler with the vars, and waits until the Worker says that it is healthy. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { port, stateDir, vars, entry, onLog = () => undefined, signal } = options;
  signal?.throwIfAborted();
  const url = `http://localhost:${port}`;
  const ip = await loopbackName();
  const varsFile = join(stateDir, `worker-${port}.env`);
  const removeVars = writeVarsFile(varsFile, vars);
  const wrangler = startWrangler({ ip, port, stateDir, varsFile, entry, onLog });
  const close = async () => {
    await wrangler.close().finally(removeVars);
    await waitUntilFree(port);
  };
  try {
    await Promise.race([isHealthy(wrangler, url), isEnded(wrangler), isGivenUp(signal)]);
    return { url, ended: wrangler.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function isHealthy(wrangler: Wrangler, url: string): Promise<void> {
  await wrangler.listening;
  const response = await fetch(`${url}/health`);
  const body = await response.text();
  if (response.status === 200) return;
  throw new StartError(
    `The Worker is not healthy: GET /health answered ${response.status}. ${body.slice(0, SHOWN_BODY)}`,
  );
}

async function isEnded(wrangler: Wrangler): Promise<never> {
  throw new StartError(`The Worker could not start: wrangler ${await wrangler.ended}, see above.`);
}

async function isGivenUp(signal: AbortSignal | undefined): Promise<never> {
  const isAborted = await delay(START_TIMEOUT_MS, false, { signal, ref: false }).catch(() => true);
  if (isAborted) throw new StartError("The start was interrupted.");
  throw new StartError(`The Worker did not answer within ${START_TIMEOUT_MS / 1000} seconds.`);
}
