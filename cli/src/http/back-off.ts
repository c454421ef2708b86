import { setTimeout as sleep } from "node:timers/promises";

const FIRST = 500;
const LONGEST = 30_000;

/** Waits longer from time to time, from half a second to half a minute. Rejects when aborted. */
export class BackOff {
  #next = FIRST;

  async wait(signal?: AbortSignal): Promise<void> {
    const delay = this.#next;
    this.#next = Math.min(2 * delay, LONGEST);
    await sleep(delay, undefined, signal && { signal });
  }

  reset(): void {
    this.#next = FIRST;
  }
}
