import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { ABOUT } from "../../load/about.ts";
import { reliabilityText } from "../../load/document.ts";
import type { Found } from "../../load/found.ts";
import { readResults, type StageResult } from "../../proof/results.ts";
import { TITLES } from "../../proof/stages.ts";

const FOUND: Found = {
  series: [
    {
      name: "calibration: floor",
      rate: 5,
      due: 100,
      answered: 100,
      achieved: 5,
      dropped: 0,
      backlog: 0,
      errors: {},
      latency: { p50: 2, p99: 4, max: 5 },
    },
    {
      name: "add, stateless",
      rate: 5,
      due: 100,
      answered: 98,
      achieved: 4.9,
      dropped: 0,
      backlog: 1,
      errors: { ECONNRESET: 2 },
      latency: { p50: 5, p99: 20, max: 40 },
    },
  ],
  facts: [{ what: "memory", value: 200, unit: "MiB" }],
  faults: ["add, stateless: 2 failed."],
};

const RESULT: StageResult = {
  name: "load-calls",
  title: "Many stateless calls a second",
  date: "2026-11-21",
  passed: false,
  seconds: 330,
  settings: { LOAD_CALLS_RATE: "5" },
  found: FOUND,
  output: "",
  machine: ["2 cores"],
};

describe("docs/reliability.md", () => {
  it("says what the recorded results say", async () => {
    const page = readFileSync(new URL("../../../docs/reliability.md", import.meta.url), "utf8");

    expect(page).toBe(reliabilityText(await readResults(), TITLES));
  });

  it("has a title for every load that it tells of", () => {
    expect(ABOUT.filter(({ name }) => !TITLES.has(name))).toEqual([]);
  });
});

describe("the text of a result", () => {
  const text = reliabilityText([RESULT], TITLES);

  it("sets each series in proportion to the calibration", () => {
    expect(text).toContain("2.5×, 5.0×");
  });

  it("says that a run failed, why, and with which failures", () => {
    expect(text).toContain("**failed**");
    expect(text).toContain("- add, stateless: 2 failed.");
    expect(text).toContain("2 × `ECONNRESET`");
  });

  it("names the loads that nobody has run", () => {
    expect(text.split("It has not been run yet.")).toHaveLength(ABOUT.length);
  });
});
