import { describe, expect, it } from "vitest";

import type { Measured, Sample } from "../../../bench/rounds.ts";
import { ROWS } from "../../../bench/rows.ts";
import type { SessionsSample } from "../../../bench/sessions/measure-sessions.ts";
import { MEMORY_TARGET, TARGETS, targetsTable } from "../../../bench/targets.ts";

const round = (rate: number, median = 1, processor = 1): Sample => ({
  rate,
  median,
  p95: median,
  processor,
});

function row(name: string, servers: Record<string, Sample[]>): Measured {
  const results = Object.entries(servers).map(([name, samples]) => ({ name, samples }));
  return { name, meaning: "", results };
}

/** The cells of a table's lines, below its head. */
function linesOf(table: string | undefined): string[][] {
  const lines = (table ?? "").split("\n").slice(2);
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const holding = (memory: number): SessionsSample => ({ one: round(1), many: round(1), memory });

describe("the targets", () => {
  it("are these", () => {
    const shares = TARGETS.map(
      ({ of, own, reference, share }) =>
        `${of}: ${own.request} ${own.server} / ${reference.request} ${reference.server} ${share}`,
    );

    expect(shares).toEqual([
      "rate: `add` ours, stateless / `add` own floor 0.75",
      "rate: `add` ours, stateless / `add` stock, session 2",
      "rate: `add` own floor / `add` floor 0.6",
      "rate: `add` ours, session / `add` stock, session 1.3",
      "time: open a session ours / open a session stock 0.8",
      "time: `tools/list`, stateless ours, 200 tools / `tools/list`, stateless ours, 4 tools 2",
      "time: `tools/list`, session ours, 200 tools / `tools/list`, session ours, 4 tools 2",
    ]);
    expect(MEMORY_TARGET.share).toBe(0.7);
  });

  it.each(TARGETS)("name contestants that are measured: $what", ({ own, reference }) => {
    for (const { request, server } of [own, reference]) {
      const entries = ROWS.find(({ name }) => name === request)?.entries.map(({ name }) => name);
      expect(entries).toContain(server);
    }
  });
});

describe("the table of targets", () => {
  it("shows the median of the rounds, and says that a rate of just enough is reached", () => {
    const floors = { floor: [round(100), round(200), round(100)] };
    const own = { "own floor": [round(60, 1, 2), round(110), round(90)] };

    expect(linesOf(targetsTable([row("`add`", { ...floors, ...own })], undefined))).toEqual([
      [
        "our own floor: requests a second, of the floor",
        "≥ 60 %",
        "60 %",
        "55–90 %",
        "100 %",
        "yes",
      ],
    ]);
  });

  it("says no when a rate falls short of its share, and when a time is above it", () => {
    const floors = row("`add`", { floor: [round(1000)], "own floor": [round(599)] });
    const openings = row("open a session", { stock: [round(1, 100)], ours: [round(1, 81)] });

    const lines = linesOf(targetsTable([floors, openings], undefined));

    expect(lines.map((cells) => cells.at(-1))).toEqual(["**no**", "**no**"]);
  });

  it("leaves processor time open where a round did not see any", () => {
    const openings = row("open a session", {
      stock: [{ ...round(1, 100), processor: undefined }],
      ours: [round(1, 80)],
    });

    expect(linesOf(targetsTable([openings], undefined))[0]?.slice(2)).toEqual([
      "80 %",
      "80–80 %",
      "–",
      "yes",
    ]);
  });

  it("compares memory repetition by repetition", () => {
    const sessions = { stock: [holding(100), holding(300)], ours: [holding(50), holding(240)] };

    expect(linesOf(targetsTable([], sessions))).toEqual([
      ["memory a session, of stock's", "≤ 70 %", "65 %", "50–80 %", "–", "yes"],
    ]);
  });

  it("is absent when nothing of it was measured", () => {
    expect(targetsTable([], undefined)).toBeUndefined();
  });
});
