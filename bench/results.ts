import type { Measured, Sample } from "./rounds.ts";
import { CONTESTANTS, type Contestant } from "./rows.ts";
import { median, medianRatio } from "./statistics.ts";
import { type Column, markdownTable } from "./table.ts";

const columnsAt = (connections: number): readonly Column[] => [
  { title: "request", align: "left" },
  { title: "server", align: "left" },
  { title: "median ms", align: "right" },
  { title: "p95 ms", align: "right" },
  { title: `req/s at ${connections}`, align: "right" },
  { title: "CPU ms", align: "right" },
  { title: "req/s of floor", align: "right" },
  { title: "req/s of stock", align: "right" },
  { title: "CPU of stock", align: "right" },
];

const ABSENT = "–";

/** None where the system tells none, or where a measurement was too short for its clock. */
function processorTimes(samples: readonly Sample[]): number[] | undefined {
  const seen = samples.flatMap(({ processor }) => (processor ? [processor] : []));
  return seen.length === samples.length ? seen : undefined;
}

const percent = (ratio: number) => `${Math.round(100 * ratio)} %`;

function rateRatio(values: readonly Sample[], references: readonly Sample[]): string {
  const rates = (samples: readonly Sample[]) => samples.map(({ rate }) => rate);
  return percent(medianRatio(rates(values), rates(references)));
}

/** Neighbours on the machine disturb processor times less than requests a second. */
function processorRatio(values: readonly Sample[], references: readonly Sample[]): string {
  const [own, other] = [processorTimes(values), processorTimes(references)];
  return own && other ? percent(medianRatio(own, other)) : ABSENT;
}

function cellsOf({ row, samples }: Measured, who: Contestant): string[] {
  const own = samples[who];
  const processor = processorTimes(own);
  return [
    who === "floor" ? row.name : "",
    who,
    median(own.map((sample) => sample.median)).toFixed(2),
    median(own.map(({ p95 }) => p95)).toFixed(2),
    Math.round(median(own.map(({ rate }) => rate))).toString(),
    processor ? median(processor).toFixed(2) : ABSENT,
    who === "floor" ? "" : rateRatio(own, samples.floor),
    who === "ours" ? rateRatio(own, samples.stock) : "",
    who === "ours" ? processorRatio(own, samples.stock) : "",
  ];
}

/** Medians over the rounds; ratios are taken within each round. */
export function resultsTable(results: readonly Measured[], connections: number): string {
  const rows = results.flatMap((measured) => CONTESTANTS.map((who) => cellsOf(measured, who)));
  return markdownTable(columnsAt(connections), rows);
}
