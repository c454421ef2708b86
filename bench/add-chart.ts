import { type Bar, chartSvg } from "./chart.ts";
import type { Measured } from "./rounds.ts";
import { median } from "./statistics.ts";

/** The contestants of the row `add`, as the chart names and orders them. */
const BARS: readonly (readonly [server: string, label: string, of: Bar["of"]])[] = [
  ["floor", "floor: one KV read", "floor"],
  ["own floor", "our own floor: checks only", "floor"],
  ["ours, stateless", "ours, stateless", "ours"],
  ["stock, stateless", "stock, stateless", "stock"],
  ["ours, session", "ours, in a session", "ours"],
  ["stock, session", "stock, in a session", "stock"],
  ["ours, SSE", "ours, HTTP with SSE", "ours"],
  ["stock, SSE", "stock, HTTP with SSE", "stock"],
];

/** Requests a second of `add`, as bars. */
export function addChart(measured: readonly Measured[], connections: number): string {
  const results = measured.find(({ name }) => name === "`add`")?.results ?? [];
  const bars = BARS.map(([server, label, of]): Bar => {
    const samples = results.find(({ name }) => name === server)?.samples ?? [];
    return { label, of, value: median(samples.map(({ rate }) => rate)) };
  });
  const figures = bars.map(({ label, value }) => `${label}: ${Math.round(value)}`);
  return chartSvg({
    title: `Calls of the tool add a second, at ${connections} connections`,
    description: `${figures.join("; ")}. The floor is a bare Worker, and stock is the libraries as their documentation uses them.`,
    bars,
  });
}
