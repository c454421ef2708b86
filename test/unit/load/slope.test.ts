import { describe, expect, it } from "vitest";

import { growth } from "../../load/slope.ts";

const samples = (values: readonly number[]) =>
  values.map((value, index) => ({ at: index * 5, value }));

describe("growth", () => {
  it("is nothing for a level line, whatever its height", () => {
    expect(growth(samples([300, 300, 300, 300]))).toBe(0);
  });

  it("is the rise from the first sample to the last, as a share of the mean", () => {
    expect(growth(samples([90, 95, 100, 105, 110]))).toBeCloseTo(0.2);
  });

  it("is negative when the values fall", () => {
    expect(growth(samples([110, 100, 90]))).toBeCloseTo(-0.2);
  });

  it("does not follow a saw that returns to where it began", () => {
    const saw = Array.from({ length: 300 }, (_, index) => 100 + (index % 10));

    expect(Math.abs(growth(samples(saw)))).toBeLessThan(0.01);
  });

  it("sees a slow leak below a saw", () => {
    const leak = Array.from({ length: 300 }, (_, index) => 100 + (index % 10) + index / 30);

    expect(growth(samples(leak))).toBeGreaterThan(0.05);
  });

  it("refuses samples at a single time", () => {
    expect(() => growth(samples([100]))).toThrow(RangeError);
  });
});
