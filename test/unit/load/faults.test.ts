import { describe, expect, it } from "vitest";

import { seriesFaults } from "../../load/faults.ts";
import type { Series } from "../../load/found.ts";

const HELD: Series = {
  name: "calls",
  rate: 500,
  due: 150_000,
  answered: 150_000,
  achieved: 499.9,
  dropped: 0,
  backlog: 12,
  errors: {},
};

describe("the verdict on a series", () => {
  it("finds nothing wrong when all was answered in time", () => {
    expect(seriesFaults(HELD)).toEqual([]);
  });

  it("names a rate that was not held", () => {
    expect(seriesFaults({ ...HELD, achieved: 420.4 })).toEqual([
      "calls: 420.4 of 500 a second were answered.",
    ]);
  });

  it("names questions that were never asked", () => {
    expect(seriesFaults({ ...HELD, achieved: 480, dropped: 6000 })).toEqual([
      "calls: 480.0 of 500 a second were answered, and 6000 could not be asked in time.",
    ]);
  });

  it("names a single failure among many right answers", () => {
    expect(seriesFaults({ ...HELD, errors: { ECONNRESET: 1 } })).toEqual(["calls: 1 failed."]);
  });
});
