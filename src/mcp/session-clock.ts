const LAST_USED = "lastUsed";

/** A use is written down again only after this share of the idle time, to write seldom. */
const SHARE = 24;

/** How long a session has been idle, across restarts of its object. */
export class SessionClock {
  readonly #storage: DurableObjectStorage;
  readonly #idleMs: number;
  #lastUsed: number | undefined;
  #written = 0;

  constructor(storage: DurableObjectStorage, idleMs: number) {
    this.#storage = storage;
    this.#idleMs = idleMs;
  }

  async touch(): Promise<void> {
    const now = Date.now();
    this.#lastUsed = now;
    if (now - this.#written < this.#idleMs / SHARE) return;
    this.#written = now;
    await this.#storage.put(LAST_USED, now);
  }

  /** Milliseconds until the session has been idle for too long; 0 or less when it has. */
  async left(): Promise<number> {
    const written = (await this.#storage.get<number>(LAST_USED)) ?? 0;
    // An object that restarted does not know of uses that were not written down.
    const lastUsed = this.#lastUsed ?? written + this.#idleMs / SHARE;
    return lastUsed + this.#idleMs - Date.now();
  }
}
