import { describe, expect, it } from "vitest";

import { overBudget } from "../../../bench/bundle-budget.ts";

const KIB = 1024;
const budget = { gzip: 100, packages: { zod: 50 } };

function sizeOf(gzip: number, packages: Record<string, number>) {
  return {
    minified: 4 * gzip * KIB,
    gzip: gzip * KIB,
    packages: Object.entries(packages).map(([name, kib]) => ({ name, bytes: kib * KIB })),
  };
}

describe("overBudget", () => {
  it("says nothing of a bundle within its budget", () => {
    expect(overBudget(sizeOf(100, { zod: 50, jose: 9 }), budget)).toEqual([]);
  });

  it("names a bundle that weighs more than its budget", () => {
    expect(overBudget(sizeOf(101, { zod: 50 }), budget)).toEqual([
      "the whole bundle has 101 KiB gzip, its budget is 100",
    ]);
  });

  it("names a package that grew", () => {
    expect(overBudget(sizeOf(90, { zod: 519 }), budget)).toEqual([
      "zod has 519 KiB minified, its budget is 50",
    ]);
  });

  it("names a large package that is new", () => {
    expect(overBudget(sizeOf(90, { zod: 50, ajv: 109 }), budget)).toEqual([
      "ajv has 109 KiB minified and no line in the budget",
    ]);
  });

  it("names a line whose package is gone", () => {
    expect(overBudget(sizeOf(90, {}), budget)).toEqual([
      "zod is not in the bundle: take its line away",
    ]);
  });
});
