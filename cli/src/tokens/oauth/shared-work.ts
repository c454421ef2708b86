import { unlessAborted } from "../unless-aborted.ts";

interface Work {
  readonly done: Promise<void>;
  readonly stop: AbortController;
  waiting: number;
}

/** Work that several wait for: it is done once, and stopped when nobody waits for it any more. */
export class SharedWork {
  readonly #works = new Map<string, Work>();

  /** Rejects as the work does, or with the signal's reason. */
  async share(
    name: string,
    start: (signal: AbortSignal) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void> {
    const work = this.#works.get(name) ?? this.#start(name, start);
    work.waiting += 1;
    try {
      await unlessAborted(work.done, signal);
    } finally {
      work.waiting -= 1;
      if (work.waiting === 0) this.#end(name, work);
    }
  }

  #start(name: string, start: (signal: AbortSignal) => Promise<void>): Work {
    const stop = new AbortController();
    const done = start(stop.signal);
    // Those who wait hear of it; nobody may be left.
    done.catch(() => undefined);
    const work = { done, stop, waiting: 0 };
    this.#works.set(name, work);
    return work;
  }

  #end(name: string, work: Work): void {
    if (this.#works.get(name) === work) this.#works.delete(name);
    work.stop.abort();
  }
}
