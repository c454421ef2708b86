import { setTimeout as wait } from "node:timers/promises";

import type { RunningWorker } from "../../bench/workers/run.ts";
import type { Sample } from "./slope.ts";

/** Writes down a Worker's memory at an interval, until it is stopped. */
export interface MemoryLog {
  /** Stops, and returns the samples: seconds since the start, and bytes. */
  stop(): Promise<Sample[]>;
}

export function logMemory({ memory }: RunningWorker, everySeconds: number): MemoryLog {
  const stopped = new AbortController();
  const startedAt = performance.now();
  const samples: Sample[] = [];
  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      const value = await memory();
      if (value !== undefined) samples.push({ at: (performance.now() - startedAt) / 1000, value });
      await wait(everySeconds * 1000, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
      return samples;
    },
  };
}
