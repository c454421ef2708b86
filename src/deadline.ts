import { currentRequest, type RequestContext } from "./request-context.ts";

/** Something that somebody waits for. */
interface Wait {
  /** In milliseconds since 1970. */
  readonly endsAt: number;
  giveUp(): void;
}

/**
 * One timer for all that a request waits for, one thing after the other: to set and clear one each
 * time costs more than most waits.
 */
class RequestTimer {
  readonly #waits = new Set<Wait>();
  #wakesAt = Infinity;

  add(wait: Wait): void {
    this.#waits.add(wait);
    this.#wakeFor(wait);
  }

  delete(wait: Wait): void {
    this.#waits.delete(wait);
  }

  #wakeFor({ endsAt }: Wait): void {
    if (endsAt >= this.#wakesAt) return;
    this.#wakesAt = endsAt;
    setTimeout(() => this.#wake(endsAt), endsAt - Date.now());
  }

  #wake(now: number): void {
    if (this.#wakesAt === now) this.#wakesAt = Infinity;
    for (const wait of this.#waits) {
      if (wait.endsAt > now) {
        this.#wakeFor(wait);
      } else {
        this.#waits.delete(wait);
        wait.giveUp();
      }
    }
  }
}

const timers = new WeakMap<RequestContext, RequestTimer>();

/**
 * From here on, what this request waits for shares a timer, which is never cleared: it goes with the
 * request. Not for Durable Objects, which a timer keeps from resting.
 */
export function shareTimer(request: RequestContext): void {
  timers.set(request, new RequestTimer());
}

/**
 * What a piece of work comes to, or the error of being late. The work itself goes on, and its end is
 * nobody's business any more.
 */
export function beforeDeadline<Result>(
  work: Promise<Result>,
  milliseconds: number,
  late: () => Error,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(late());
    const stop = onTime(giveUp, milliseconds);
    const over =
      <Value>(settle: (value: Value) => void) =>
      (value: Value) => {
        stop();
        settle(value);
      };
    work.then(over(resolve), over(reject));
  });
}

/** Gives up after this time, unless what is returned is called before. */
function onTime(giveUp: () => void, milliseconds: number): () => void {
  const shared = timers.get(currentRequest());
  if (!shared) {
    const timer = setTimeout(giveUp, milliseconds);
    return () => clearTimeout(timer);
  }
  const wait = { endsAt: Date.now() + milliseconds, giveUp };
  shared.add(wait);
  return () => shared.delete(wait);
}
