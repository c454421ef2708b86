import { describe, expect, it } from "vitest";

import { median, medianRatio, percentile } from "../../../bench/statistics.ts";

describe("median", () => {
  it("takes the middle of an odd number of values, in any order", () => {
    expect(median([9, 1, 5])).toBe(5);
  });

  it("takes the mean of the two in the middle of an even number", () => {
    expect(median([4, 1, 3, 100])).toBe(3.5);
  });

  it("refuses to invent one for no values", () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe("percentile", () => {
  it("is a value that was measured", () => {
    const values = Array.from({ length: 20 }, (_, index) => 20 - index);

    expect(percentile(values, 0.95)).toBe(19);
    expect(percentile(values, 1)).toBe(20);
    expect(percentile([7], 0.95)).toBe(7);
  });
});

describe("medianRatio", () => {
  it("compares within each round, so that a slow round changes nothing", () => {
    expect(medianRatio([100, 10, 50], [200, 20, 100])).toBe(0.5);
  });

  it("refuses a round without a reference", () => {
    expect(() => medianRatio([1, 2], [1])).toThrow(RangeError);
  });
});
