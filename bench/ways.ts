import type { Connection } from "./lanes/lane.ts";
import { addCall } from "./lanes/rpc.ts";
import { statelessLane } from "./lanes/stateless.ts";
import { measureLatency, measureThroughput } from "./measure.ts";
import type { Plan, Sample } from "./rounds.ts";
import type { Site, Sites } from "./sites.ts";
import { median, medianRatio } from "./statistics.ts";
import { markdownTable } from "./table.ts";

interface Way {
  readonly name: string;
  readonly site: Site;
  readonly samples: Sample[];
}

/** The same call of the same Worker by each way in, in turns. The first one is what others are compared with. */
export async function measureWays(sites: Sites, plan: Plan): Promise<readonly Way[]> {
  const way = (name: string, token: string): Way => ({
    name,
    site: { ...sites.ours, token },
    samples: [],
  });
  const ways = [
    way("signed in (OAuth)", sites.ours.token),
    way("service token", sites.tokens.service),
    way("personal access token of GitHub", sites.tokens.github),
    way("ID token of Google", sites.tokens.google),
  ];
  const connected = await Promise.all(
    ways.map(async (way) => ({ way, connections: await connect(way, plan.connections) })),
  );
  for (const { connections } of connected) await sampleOf(sites, connections, plan);
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { way, connections } of connected) {
      way.samples.push(await sampleOf(sites, connections, plan));
    }
  }
  for (const { connections } of connected) connections.forEach((each) => each.close());
  return ways;
}

async function connect({ site }: Way, count: number): Promise<Connection[]> {
  const lane = statelessLane(site, addCall);
  return Promise.all(Array.from({ length: count }, lane));
}

async function sampleOf(
  { ours }: Sites,
  connections: readonly Connection[],
  plan: Plan,
): Promise<Sample> {
  const [first] = connections;
  if (!first) throw new Error("A lane needs a connection.");
  return {
    ...(await measureLatency(first, plan.latency)),
    ...(await measureThroughput(connections, plan.throughput, () => ours.processorTime())),
  };
}

const times = (ratio: number) => `${ratio.toFixed(2)}×`;

export function waysTable(ways: readonly Way[], connections: number): string {
  const [reference] = ways;
  const figures = (way: Way | undefined, figure: (sample: Sample) => number) =>
    (way?.samples ?? []).map((sample) => figure(sample));
  const compared = (way: Way, figure: (sample: Sample) => number) =>
    times(medianRatio(figures(way, figure), figures(reference, figure)));
  const latency = (sample: Sample) => sample.median;
  const processor = (sample: Sample) => sample.processor ?? Number.NaN;
  const rows = ways.map((way) => [
    way.name,
    median(figures(way, latency)).toFixed(2),
    Math.round(median(figures(way, ({ rate }) => rate))).toString(),
    median(figures(way, processor)).toFixed(2),
    compared(way, latency),
    compared(way, processor),
  ]);
  return markdownTable(
    [
      { title: "way in", align: "left" },
      { title: "median ms", align: "right" },
      { title: `req/s at ${connections}`, align: "right" },
      { title: "CPU ms", align: "right" },
      { title: "median of OAuth", align: "right" },
      { title: "CPU of OAuth", align: "right" },
    ],
    rows,
  );
}
