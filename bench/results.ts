import type { Measured, Result, Sample } from "./rounds.ts";
import { median, ratios } from "./statistics.ts";
import { type Column, markdownTable } from "./table.ts";

const columnsAt = (connections: number): readonly Column[] => [
  { title: "request", align: "left" },
  { title: "server", align: "left" },
  { title: "median ms", align: "right" },
  { title: "p95 ms", align: "right" },
  { title: `req/s at ${connections}`, align: "right" },
  { title: "CPU ms", align: "right" },
  { title: "compared with", align: "left" },
  { title: "req/s", align: "right" },
  { title: "from–to", align: "right" },
  { title: "CPU", align: "right" },
];

const ABSENT = "–";

/** None where the system tells none, or where a measurement was too short for its clock. */
function processorTimes(samples: readonly Sample[]): number[] | undefined {
  const seen = samples.flatMap(({ processor }) => (processor ? [processor] : []));
  return seen.length === samples.length ? seen : undefined;
}

const percent = (ratio: number) => `${Math.round(100 * ratio)} %`;

/** Requests a second as a share of the reference's, and how far rounds lay apart. */
function rateCells(own: readonly Sample[], reference: readonly Sample[]): string[] {
  const rates = (samples: readonly Sample[]) => samples.map(({ rate }) => rate);
  const shares = ratios(rates(own), rates(reference));
  const [least, most] = [Math.min(...shares), Math.max(...shares)];
  return [percent(median(shares)), `${Math.round(100 * least)}–${percent(most)}`];
}

/** Neighbours on the machine disturb processor times less than requests a second. */
function processorCell(own: readonly Sample[], reference: readonly Sample[]): string {
  const [mine, others] = [processorTimes(own), processorTimes(reference)];
  return mine && others ? percent(median(ratios(mine, others))) : ABSENT;
}

function comparisonCells({ against, samples }: Result, results: readonly Result[]): string[] {
  const reference = results.find(({ name }) => name === against);
  if (against === undefined || !reference) return ["", "", "", ""];
  return [
    against,
    ...rateCells(samples, reference.samples),
    processorCell(samples, reference.samples),
  ];
}

function cellsOf({ name: request, results }: Measured): string[][] {
  return results.map((result, index) => {
    const { name, samples } = result;
    const processor = processorTimes(samples);
    return [
      index === 0 ? request : "",
      name,
      median(samples.map((sample) => sample.median)).toFixed(2),
      median(samples.map(({ p95 }) => p95)).toFixed(2),
      Math.round(median(samples.map(({ rate }) => rate))).toString(),
      processor ? median(processor).toFixed(2) : ABSENT,
      ...comparisonCells(result, results),
    ];
  });
}

/** Medians over the rounds; ratios are taken within each round. */
export function resultsTable(measured: readonly Measured[], connections: number): string {
  return markdownTable(columnsAt(connections), measured.flatMap(cellsOf));
}
