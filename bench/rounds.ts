import type { Connection } from "./lanes/lane.ts";
import {
  type Latency,
  type Limit,
  measureLatency,
  measureThroughput,
  type Throughput,
} from "./measure.ts";
import { CONTESTANTS, type Contestant, type Entry, type Row } from "./rows.ts";

export interface Plan {
  readonly rounds: number;
  /** How many connections ask at once when throughput is measured. */
  readonly connections: number;
  /** No round starts after this many milliseconds. */
  readonly milliseconds: number;
  readonly warmUp: Limit;
  readonly latency: Limit;
  readonly throughput: Limit;
}

/** What one contestant did in one round. */
export type Sample = Latency & Throughput;

export interface Measured {
  readonly row: Row;
  /** One sample a round, in the order of the rounds. */
  readonly samples: Record<Contestant, Sample[]>;
}

type Connected = Entry & { readonly connections: readonly Connection[] };

async function connect(entry: Entry, count: number): Promise<Connected> {
  const connections: Connection[] = [];
  while (connections.length < count) connections.push(await entry.lane());
  return { ...entry, connections };
}

async function sample({ worker, connections }: Connected, plan: Plan): Promise<Sample> {
  const [first] = connections;
  if (!first) throw new Error("A lane needs a connection.");
  return {
    ...(await measureLatency(first, plan.latency)),
    ...(await measureThroughput(connections, plan.throughput, () => worker.processorTime())),
  };
}

interface Contest {
  readonly measured: Measured;
  readonly lanes: readonly (readonly [Contestant, Connected])[];
}

async function open(row: Row, connections: number): Promise<Contest> {
  const lanes: [Contestant, Connected][] = [];
  for (const who of CONTESTANTS) lanes.push([who, await connect(row.entries[who], connections)]);
  return { measured: { row, samples: { floor: [], stock: [], ours: [] } }, lanes };
}

async function warmUp({ connections, worker }: Connected, limit: Limit): Promise<void> {
  await measureThroughput(connections, limit, () => worker.processorTime());
}

/** Every contestant takes its turn at every row, round after round, so that no one gets the quiet minutes. */
export async function measureRounds(
  rows: readonly Row[],
  plan: Plan,
  onRound: (round: number) => void,
): Promise<Measured[]> {
  const end = performance.now() + plan.milliseconds;
  const contests: Contest[] = [];
  for (const row of rows) contests.push(await open(row, plan.connections));
  const lanes = contests.flatMap((contest) => contest.lanes.map(([, lane]) => lane));
  for (const lane of lanes) await warmUp(lane, plan.warmUp);
  for (let round = 1; round <= plan.rounds; round += 1) {
    if (round > 1 && performance.now() > end) break;
    onRound(round);
    for (const contest of contests) {
      for (const [who, lane] of contest.lanes)
        contest.measured.samples[who].push(await sample(lane, plan));
    }
  }
  for (const { connections } of lanes) for (const connection of connections) connection.close();
  return contests.map(({ measured }) => measured);
}
