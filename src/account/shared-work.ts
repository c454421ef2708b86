/** Work that several callers need at the same moment is done once, and all get its result. */
export class SharedWork<Result> {
  readonly #running = new Map<string, Promise<Result>>();

  /** Joins the work of that name, or starts it. */
  once(name: string, start: () => Promise<Result>): Promise<Result> {
    const running = this.#running.get(name);
    if (running) return running;
    const work = start().finally(() => this.#running.delete(name));
    this.#running.set(name, work);
    return work;
  }
}
