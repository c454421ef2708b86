import type { Connection } from "./lanes/lane.ts";
import {
  type Latency,
  type Limit,
  measureLatency,
  measureThroughput,
  type Throughput,
} from "./measure.ts";
import type { Entry, Row } from "./start-rows.ts";

export interface Plan {
  readonly rounds: number;
  /** How many connections ask at once when throughput is measured. */
  readonly connections: number;
  /** No round starts after this many milliseconds. */
  readonly milliseconds: number;
  readonly warmUp: Limit;
  /** In front of each sample, unmeasured. */
  readonly runIn: Limit;
  readonly latency: Limit;
  readonly throughput: Limit;
}

/** What one contestant did in one round. */
export type Sample = Latency & Throughput;

/** A contestant, and one sample a round, in the order of the rounds. */
export interface Result extends Pick<Entry, "name" | "against"> {
  readonly samples: readonly Sample[];
}

export interface Measured extends Pick<Row, "name" | "meaning"> {
  readonly results: readonly Result[];
}

interface Contestant extends Entry {
  readonly connections: readonly Connection[];
  readonly samples: Sample[];
}

async function connect(entry: Entry, count: number): Promise<Contestant> {
  const connections: Connection[] = [];
  while (connections.length < count) connections.push(await entry.lane());
  return { ...entry, connections, samples: [] };
}

type Measurable = Pick<Contestant, "connections" | "processorTime">;

async function tidy(connections: readonly Connection[]): Promise<void> {
  for (const connection of connections) await connection.tidy?.();
}

/** Runs a Worker in without measuring, each connection at least once. */
export async function warmUp(
  { connections, processorTime }: Measurable,
  limit: Limit,
): Promise<void> {
  await measureThroughput(connections, limit, processorTime);
  await tidy(connections);
}

/** Latency on one connection, then throughput on all. */
export async function takeSample(
  { connections, processorTime }: Measurable,
  plan: Plan,
): Promise<Sample> {
  const [first] = connections;
  if (!first) throw new Error("A lane needs a connection.");
  // Durable Objects rested since the last round, and the processor served the others.
  await warmUp({ connections, processorTime }, plan.runIn);
  const latency = await measureLatency(first, plan.latency);
  const throughput = await measureThroughput(connections, plan.throughput, processorTime);
  await tidy(connections);
  return { ...latency, ...throughput };
}

/** Every other round goes the other way, so that nobody always follows the same one. */
function inTurn<Item>(items: readonly Item[], round: number): readonly Item[] {
  return round % 2 === 0 ? items.toReversed() : items;
}

/** Every contestant takes its turn at every row, round after round, so that no one gets the quiet minutes. */
export async function measureRounds(
  rows: readonly Row[],
  plan: Plan,
  onRound: (round: number) => void,
): Promise<Measured[]> {
  const contests: Contestant[][] = [];
  for (const { entries } of rows) {
    const contest: Contestant[] = [];
    for (const entry of entries) contest.push(await connect(entry, plan.connections));
    contests.push(contest);
  }
  const everyone = contests.flat();
  for (const contestant of everyone) await warmUp(contestant, plan.warmUp);
  const end = performance.now() + plan.milliseconds;
  for (let round = 1; round <= plan.rounds; round += 1) {
    if (round > 1 && performance.now() > end) break;
    onRound(round);
    for (const contest of contests) {
      for (const contestant of inTurn(contest, round))
        contestant.samples.push(await takeSample(contestant, plan));
    }
  }
  for (const { connections } of everyone) for (const connection of connections) connection.close();
  return rows.map(({ name, meaning }, index) => ({
    name,
    meaning,
    results: contests[index] ?? [],
  }));
}
