import type { Connection } from "./lanes/lane.ts";
import { median, percentile } from "./statistics.ts";

/** Whichever is reached first ends a measurement. */
export interface Limit {
  readonly exchanges: number;
  readonly milliseconds: number;
}

export interface Latency {
  readonly median: number;
  readonly p95: number;
}

export interface Throughput {
  /** Exchanges a second. */
  readonly rate: number;
  /** Milliseconds of the Worker's processor time an exchange, where that can be seen. */
  readonly processor: number | undefined;
}

/** Milliseconds until an answer has come, on one connection, one exchange after the other. */
export async function measureLatency(connection: Connection, limit: Limit): Promise<Latency> {
  const times: number[] = [];
  const end = performance.now() + limit.milliseconds;
  do {
    const startedAt = performance.now();
    let answeredAt: number | undefined;
    await connection.exchange(() => {
      answeredAt = performance.now();
    });
    times.push((answeredAt ?? performance.now()) - startedAt);
  } while (times.length < limit.exchanges && performance.now() < end);
  return { median: median(times), p95: percentile(times, 0.95) };
}

/** All connections at once, each asking anew as soon as it is answered. */
export async function measureThroughput(
  connections: readonly Connection[],
  limit: Limit,
  processorTime: () => Promise<number | undefined>,
): Promise<Throughput> {
  const processorBefore = await processorTime();
  const startedAt = performance.now();
  const end = startedAt + limit.milliseconds;
  let started = 0;
  await Promise.all(
    connections.map(async (connection) => {
      do {
        started += 1;
        await connection.exchange();
      } while (started < limit.exchanges && performance.now() < end);
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const processorAfter = await processorTime();
  return {
    rate: started / seconds,
    processor:
      processorBefore === undefined || processorAfter === undefined
        ? undefined
        : (processorAfter - processorBefore) / started,
  };
}
