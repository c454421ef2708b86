import { median } from "../statistics.ts";
import { type Column, markdownTable } from "../table.ts";
import type { SessionsMeasured, SessionsSample } from "./measure-sessions.ts";

const columnsAt = (connections: number): readonly Column[] => [
  { title: "`add` in a session", align: "left" },
  { title: "open", align: "right" },
  { title: "median ms", align: "right" },
  { title: "p95 ms", align: "right" },
  { title: `req/s at ${connections}`, align: "right" },
  { title: "KiB a session", align: "right" },
  { title: "from–to", align: "right" },
];

const ABSENT = "–";

const kib = (bytes: number) => Math.round(bytes / 1024).toString();

function memoryCells(samples: readonly SessionsSample[]): string[] {
  const seen = samples.flatMap(({ memory }) => memory ?? []);
  if (seen.length === 0) return [ABSENT, ABSENT];
  return [kib(median(seen)), `${kib(Math.min(...seen))}–${kib(Math.max(...seen))}`];
}

/** `add` with one session open and with many, and what each of the many takes in memory. */
export function sessionsTable(
  measured: SessionsMeasured,
  connections: number,
  open: number,
): string {
  const rows = (["stock", "ours"] as const).flatMap((holder) => {
    const samples = measured[holder];
    const figure = (of: "one" | "many", key: "median" | "p95" | "rate") =>
      median(samples.map((sample) => sample[of][key]));
    const cells = (of: "one" | "many") => [
      figure(of, "median").toFixed(2),
      figure(of, "p95").toFixed(2),
      Math.round(figure(of, "rate")).toString(),
    ];
    return [
      [holder, "1", ...cells("one"), "", ""],
      ["", open.toLocaleString("en"), ...cells("many"), ...memoryCells(samples)],
    ];
  });
  return markdownTable(columnsAt(connections), rows);
}
