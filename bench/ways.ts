import { credentialsFor } from "./credentials.ts";
import type { Grounds, Site } from "./grounds.ts";
import { addCall } from "./lanes/rpc.ts";
import { statelessLane } from "./lanes/stateless.ts";
import { type Plan, type Sample, takeSample, warmUp } from "./rounds.ts";
import { median, medianRatio } from "./statistics.ts";
import { markdownTable } from "./table.ts";

export interface Way {
  readonly name: string;
  readonly samples: Sample[];
}

/** The same call of the same Worker by each way in, in turns. The first one is what others are compared with. */
export async function measureWays(grounds: Grounds, plan: Plan): Promise<readonly Way[]> {
  const site = await grounds.start("ours");
  const credentials = await credentialsFor(site, grounds.control, grounds.google);
  const tokens: [name: string, token: string][] = [
    ["signed in (OAuth)", site.token],
    ["service token", credentials.service],
    ["personal access token of GitHub", credentials.github],
    ["ID token of Google", credentials.google],
  ];
  const ways = await Promise.all(
    tokens.map(async ([name, token]) => ({
      name,
      connections: await connect({ ...site, token }, plan.connections),
      processorTime: site.processorTime,
      samples: [] as Sample[],
    })),
  );
  for (const way of ways) await warmUp(way, plan.warmUp);
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const way of ways) way.samples.push(await takeSample(way, plan));
  }
  for (const { connections } of ways) connections.forEach((each) => each.close());
  await site.close();
  return ways;
}

async function connect(site: Site, count: number) {
  const lane = statelessLane(site, addCall);
  return Promise.all(Array.from({ length: count }, lane));
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
