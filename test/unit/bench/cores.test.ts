import { describe, expect, it } from "vitest";

import { coresIn, splitOf } from "../../../bench/workers/cores.ts";

describe("a list of cores", () => {
  it.each([
    ["0-1", [0, 1]],
    ["3", [3]],
    ["0,2-4,7", [0, 2, 3, 4, 7]],
    ["", []],
  ])("is read as Linux writes it: %j", (list, cores) => {
    expect(coresIn(list)).toEqual(cores);
  });
});

describe("the cores", () => {
  it("are divided into one for the Worker and the others for the load", () => {
    expect(splitOf([2, 3, 5])).toEqual({ worker: 2, load: [3, 5] });
  });

  it("stay together when there is only one", () => {
    expect(splitOf([0])).toBeUndefined();
    expect(splitOf([])).toBeUndefined();
  });
});
