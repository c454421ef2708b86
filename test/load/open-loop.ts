import { setTimeout as wait } from "node:timers/promises";

import type { Connection, Lane } from "../../bench/lanes/lane.ts";
import { percentile } from "../../bench/statistics.ts";
import { errorKind } from "./error-kind.ts";
import type { Latency, Series } from "./found.ts";

/** A question that is not answered in this time counts as failed, and its connection is given up. */
const HANG_MS = 30_000;

/** A question that would be asked later than this is not asked: nothing grows without an end. */
const LATEST_MS = 10_000;

export interface Arrivals {
  readonly name: string;
  /** Questions a second. */
  readonly rate: number;
  readonly seconds: number;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

function latencyOf(times: readonly number[]): Latency {
  return {
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    max: percentile(times, 1),
  };
}

async function withinLimit(exchange: Promise<void>): Promise<void> {
  const done = new AbortController();
  const limit = wait(HANG_MS, undefined, { signal: done.signal, ref: false }).then(() => {
    throw new Error(`No answer within ${HANG_MS / 1000} s.`);
  });
  // Whichever of the two comes second has nobody who waits for it.
  for (const side of [limit, exchange]) side.catch(() => undefined);
  await Promise.race([exchange, limit]).finally(() => done.abort());
}

/** Questions come due at fixed times, whatever became of those before. */
class OpenLoop {
  readonly #arrivals: Arrivals;
  readonly #startedAt = performance.now();
  readonly #total: number;
  readonly #times: number[] = [];
  readonly #errors: Record<string, number> = {};
  #taken = 0;
  #dropped = 0;
  #backlog = 0;

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
    this.#total = Math.max(1, Math.round(arrivals.rate * arrivals.seconds));
  }

  /** Takes the next question that is due, over one connection, until there are no more. */
  async work(lane: Lane, opened: Connection): Promise<void> {
    let connection: Connection | undefined = opened;
    for (let dueAt = await this.#next(); dueAt !== undefined; dueAt = await this.#next()) {
      try {
        connection ??= await lane();
        await withinLimit(connection.exchange());
        this.#times.push(performance.now() - dueAt);
      } catch (error) {
        if (this.#arrivals.signal.aborted) break;
        const kind = errorKind(error);
        this.#errors[kind] = (this.#errors[kind] ?? 0) + 1;
        connection?.close();
        connection = undefined;
      }
    }
    connection?.close();
  }

  /** Waits for the next question, and says when it was due: earlier, if no connection was free. */
  async #next(): Promise<number | undefined> {
    const { rate, signal } = this.#arrivals;
    while (this.#taken < this.#total && !signal.aborted) {
      const dueAt = this.#startedAt + (this.#taken * 1000) / rate;
      this.#taken += 1;
      const early = dueAt - performance.now();
      if (early > 0) await wait(early, undefined, { signal }).catch(() => undefined);
      const late = performance.now() - dueAt;
      this.#backlog = Math.max(this.#backlog, Math.floor((late * rate) / 1000));
      if (late < LATEST_MS) return signal.aborted ? undefined : dueAt;
      this.#dropped += 1;
    }
    return undefined;
  }

  result(): Series {
    const { name, rate } = this.#arrivals;
    const answered = this.#times.length;
    // The last question comes due one interval before the end of its second.
    const seconds = Math.max(performance.now() - this.#startedAt, (this.#total * 1000) / rate);
    return {
      name,
      rate,
      due: this.#taken,
      answered,
      achieved: (answered * 1000) / seconds,
      dropped: this.#dropped,
      backlog: this.#backlog,
      errors: this.#errors,
      ...(answered > 0 && { latency: latencyOf(this.#times) }),
    };
  }
}

/**
 * Asks on a schedule, over one connection a lane. Times count from the moment at which a question
 * was due, so that a server that stalls is charged for all who would have asked meanwhile
 * ("coordinated omission"). A timer's millisecond is in every figure, the calibration's as well.
 */
export async function openLoop(lanes: readonly Lane[], arrivals: Arrivals): Promise<Series> {
  const opened = await Promise.all(lanes.map(async (lane) => ({ lane, connection: await lane() })));
  const loop = new OpenLoop(arrivals);
  await Promise.all(opened.map(({ lane, connection }) => loop.work(lane, connection)));
  return loop.result();
}
