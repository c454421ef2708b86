/** What one count stood for, by whoever sent the requests. */
interface Batch {
  readonly size: number;
  /** In milliseconds since 1970. */
  readonly countedAt: number;
  /** How many more requests go on by it. */
  left: number;
}

/** Within what time a batch must be used up for the next one to be larger, in milliseconds. */
const BUSY_MS = 60_000;

/** Whose batches are remembered, at most. */
const MAX_REMEMBERED = 10_000;

/**
 * For how many requests one count stands: to ask a counter costs more than the rest of a short call.
 * Who begins is counted one by one. As long as a batch is used up within a minute, the next one is
 * twice as large, up to `largest`: no more is ever counted in advance than was sent before.
 */
export class Batches {
  readonly #largest: number;
  readonly #batches = new Map<string, Batch>();

  constructor(largest: number) {
    this.#largest = largest;
  }

  /** Whether a count that was made before stands for this request too. */
  cover(key: string): boolean {
    const batch = this.#batches.get(key);
    if (!batch || batch.left === 0) return false;
    batch.left -= 1;
    return true;
  }

  /** How many requests to count now, this one among them. */
  next(key: string): number {
    // Then there is nothing to remember.
    if (this.#largest === 1) return 1;
    const now = Date.now();
    const last = this.#batches.get(key);
    const isBusy = last !== undefined && now - last.countedAt < BUSY_MS;
    const size = isBusy ? Math.min(last.size * 2, this.#largest) : 1;
    this.forget(key);
    const [oldest] = this.#batches.size < MAX_REMEMBERED ? [] : this.#batches.keys();
    if (oldest !== undefined) this.forget(oldest);
    this.#batches.set(key, { size, countedAt: now, left: size - 1 });
    return size;
  }

  /** Counts this sender one by one again. */
  forget(key: string): void {
    this.#batches.delete(key);
  }
}
