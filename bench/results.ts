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
  { title: "of floor", align: "right" },
  { title: "of stock", align: "right" },
];

const ABSENT = "–";

function processorOf(samples: readonly Sample[]): string {
  const seen = samples.flatMap(({ processor }) => (processor === undefined ? [] : [processor]));
  return seen.length === samples.length ? median(seen).toFixed(2) : ABSENT;
}

function share(values: readonly Sample[], references: readonly Sample[]): string {
  const rates = (samples: readonly Sample[]) => samples.map(({ rate }) => rate);
  return `${Math.round(100 * medianRatio(rates(values), rates(references)))} %`;
}

function cellsOf({ row, samples }: Measured, who: Contestant): string[] {
  const own = samples[who];
  return [
    who === "floor" ? row.name : "",
    who,
    median(own.map((sample) => sample.median)).toFixed(2),
    median(own.map(({ p95 }) => p95)).toFixed(2),
    Math.round(median(own.map(({ rate }) => rate))).toString(),
    processorOf(own),
    who === "floor" ? "" : share(own, samples.floor),
    who === "ours" ? share(own, samples.stock) : "",
  ];
}

/** Medians over the rounds; ratios are of requests a second, taken within each round. */
export function resultsTable(results: readonly Measured[], connections: number): string {
  const rows = results.flatMap((measured) => CONTESTANTS.map((who) => cellsOf(measured, who)));
  return markdownTable(columnsAt(connections), rows);
}
