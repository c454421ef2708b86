import { describe, expect, it } from "vitest";

import { readOptions } from "../../prove-red/options.ts";

const ALL = ["A3", "A33", "A33b", "B1"].map((id) => ({
  id,
  threat: "",
  answer: "",
  tests: [],
  guards: [],
}));

const idsFor = (...args: string[]) => readOptions(args, ALL).cases.map(({ id }) => id);

describe("the words after npm run prove-red --", () => {
  it("mean everything when there are none", () => {
    expect(readOptions([], ALL)).toMatchObject({ cases: ALL, isWhole: true });
  });

  it("choose cases, and all parts of a case", () => {
    expect(idsFor("A33")).toEqual(["A33", "A33b"]);
    expect(idsFor("B1", "A33b")).toEqual(["A33b", "B1"]);
  });

  it("set jobs, and the time for one guard", () => {
    const options = readOptions(["--jobs", "3", "--timeout", "20", "A3"], ALL);

    expect(options).toMatchObject({ jobs: 3, timeoutMs: 20_000, isWhole: false });
  });

  it.each([
    ["an unknown case", ["A4"], "No such case: A4"],
    ["no jobs", ["--jobs", "0"], "--jobs takes a number"],
    ["a time that is none", ["--timeout", "soon"], "--timeout takes a number"],
  ])("are refused for %s", (_what, args, words) => {
    expect(() => readOptions(args, ALL)).toThrow(words);
  });
});
