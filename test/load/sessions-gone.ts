import { setTimeout as wait } from "node:timers/promises";

import { openDatabases } from "../support/session-storage.ts";
import type { Fact } from "./found.ts";
import type { LoadSite } from "./site.ts";

const INTERVAL_MS = 1000;

/** What became of the sessions after their streams were closed. */
export interface SessionsGone {
  readonly facts: readonly Fact[];
  readonly faults: readonly string[];
}

/**
 * Waits until no session object keeps anything, for so many seconds at most. The server notices
 * that a client is gone when a comment cannot be written to it: within two of them, 50 seconds.
 */
export async function sessionsGone(
  site: LoadSite,
  seconds: number,
  signal: AbortSignal,
): Promise<SessionsGone> {
  const startedAt = performance.now();
  const passed = () => performance.now() - startedAt;
  let left = openDatabases(site).length;
  while (left > 0 && passed() < seconds * 1000 && !signal.aborted) {
    await wait(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    left = openDatabases(site).length;
  }
  return {
    facts: [
      { what: "session objects that stayed, with all streams closed", value: left },
      { what: "time until they were gone", value: passed() / 1000, unit: "s" },
    ],
    faults: left > 0 ? [`${left} session objects stayed behind.`] : [],
  };
}
