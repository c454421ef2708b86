import { median, ratios } from "../statistics.ts";
import { type Column, markdownTable } from "../table.ts";
import type { BridgeName } from "./bridges.ts";
import type { BridgeSample, Together } from "./measure-bridge.ts";

/** What a comparison found; one entry a round. */
export interface BridgeFigures {
  /** `2026-11-22`. */
  readonly date: string;
  readonly bridges: Record<BridgeName, BridgeSample[]>;
  readonly together: Record<BridgeName, Together[]>;
}

const MIB = 1024 * 1024;

type Figure = (sample: BridgeSample) => number;

const FIGURES: readonly (readonly [what: string, digits: number, figure: Figure])[] = [
  ["start until `initialize` is answered, ms", 0, ({ startUp }) => startUp],
  ["added to a call, ms", 2, ({ added }) => added],
  ["calls a second, 16 in flight", 0, ({ rate }) => rate],
  ["memory after that, MiB", 0, ({ memory }) => memory / MIB],
];

const COLUMNS: Column[] = [
  { title: "what", align: "left" },
  { title: "mcp-bridge", align: "right" },
  { title: "mcp-remote", align: "right" },
  { title: "ratio", align: "right" },
];

const percent = (share: number) => `${Math.round(100 * share)} %`;

function togetherCell(found: readonly Together[]): string {
  return found
    .map(({ windows, connected, milliseconds }) => {
      const seconds = (milliseconds / 1000).toFixed(1);
      return `${connected} connected, ${windows} window${windows === 1 ? "" : "s"}, ${seconds} s`;
    })
    .join("; ");
}

/** Medians of the rounds, and the median of the ratios of each round. */
export function bridgeTable({ bridges, together }: BridgeFigures): string {
  const { "mcp-bridge": ours, "mcp-remote": theirs } = bridges;
  const rows = FIGURES.map(([what, digits, figure]) => {
    const [mine, others] = [ours.map(figure), theirs.map(figure)];
    return [
      what,
      median(mine).toFixed(digits),
      median(others).toFixed(digits),
      percent(median(ratios(mine, others))),
    ];
  });
  const started = "ten started at once without a token";
  const cells = [togetherCell(together["mcp-bridge"]), togetherCell(together["mcp-remote"])];
  return markdownTable(COLUMNS, [...rows, [started, ...cells, ""]]);
}
