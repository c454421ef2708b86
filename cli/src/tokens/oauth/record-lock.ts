import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

import { BridgeError } from "../../bridge-error.ts";
import { log } from "../../output/log.ts";
import { makeStateFolder } from "./record-file.ts";

/** A lock that its holder has not touched for so long belongs to a process that is no more. */
const STALE_MS = 10_000;

const TOUCH_MS = 2000;

/** Two that find the same stale lock may each think that they took it over; so long, the later one wins. */
const TAKEOVER_MS = 250;

const LOOK_AGAIN_MS = 100;

export interface Turn<T> {
  /** What one waits for, if others have brought it about meanwhile. */
  look(): Promise<T | undefined>;
  /** Whether to come back at once when another has the lock. */
  readonly patient: boolean;
  /** Milliseconds. */
  readonly patience: number;
  readonly signal: AbortSignal;
}

/**
 * Does a piece of work that one process at a time may do on a file, unless it is done already. The
 * signal that the work gets ends it when the lock is lost (after the machine slept, say). Resolves to
 * undefined when the lock was taken and the wait is not a patient one. Throws `BridgeError` after
 * `patience`.
 */
export async function inTurn<T>(
  path: string,
  { look, patient, patience, signal }: Turn<T>,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const end = Date.now() + patience;
  let isTold = false;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    const lock = await take(path);
    if (lock) {
      try {
        // What came about between the look and the lock.
        return (await look()) ?? (await work(AbortSignal.any([signal, lock.lost])));
      } finally {
        await lock.release();
      }
    }
    if (!patient) return undefined;
    if (Date.now() > end) {
      throw new BridgeError("Another bridge is still signing in to this server.", {
        advice: "Finish the sign-in in the browser, or end the other bridge.",
      });
    }
    if (!isTold) log("debug", "Another bridge is at it; waiting for what it gets.");
    isTold = true;
    // Not all at the same moment.
    await delay(LOOK_AGAIN_MS * (0.5 + Math.random()), undefined, { signal });
  }
}

interface Lock {
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

async function take(path: string): Promise<Lock | undefined> {
  const { default: lockfile } = await import("proper-lockfile");
  await makeStateFolder();
  const wasStale = await isStale(path);
  const lost = new AbortController();
  const release = await lockfile
    .lock(path, {
      realpath: false,
      stale: STALE_MS,
      update: TOUCH_MS,
      onCompromised: () =>
        lost.abort(
          new BridgeError("Another bridge took this sign-in over.", { advice: "Try again." }),
        ),
    })
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ELOCKED") throw error;
    });
  if (!release) return undefined;
  // Its holder is gone: the library's removal of a stale lock may remove the one that another put there.
  if (wasStale && (await isTakenOver(path))) return undefined;
  return {
    lost: lost.signal,
    release: () => (lost.signal.aborted ? Promise.resolve() : release()),
  };
}

async function isTakenOver(path: string): Promise<boolean> {
  const mark = async (): Promise<string | undefined> => {
    const found = await lockOf(path);
    return found && `${found.ino} ${found.mtimeMs}`;
  };
  const ours = await mark();
  await delay(TAKEOVER_MS);
  return ours !== (await mark());
}

/** Whether there is a lock that may be taken over, if not now then in a moment. */
async function isStale(path: string): Promise<boolean> {
  const found = await lockOf(path);
  return found !== undefined && found.mtimeMs < Date.now() - STALE_MS + TOUCH_MS;
}

async function lockOf(path: string): Promise<Stats | undefined> {
  return stat(`${path}.lock`).catch(() => undefined);
}
