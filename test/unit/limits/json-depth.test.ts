import { describe, expect, it } from "vitest";

import { isNestedDeeperThan } from "../../../src/limits/json-depth.ts";

describe("the depth of a JSON text", () => {
  it.each([
    ["[]", 1],
    ['{"a":[{}]}', 3],
    ["[[],[],[]]", 2],
    ['["\\"[["]', 1],
    ['["\\\\",[]]', 2],
    ['{"[":"{"}', 1],
    ["[[[", 3],
    ['["[[[', 1],
  ])("of %s is %i", (json, depth) => {
    expect(isNestedDeeperThan(depth, json)).toBe(false);
    expect(isNestedDeeperThan(depth - 1, json)).toBe(true);
  });

  it.each(["", "1", "null", '"[[["', "]]]"])("of “%s” is nothing", (json) => {
    expect(isNestedDeeperThan(0, json)).toBe(false);
  });

  it("is found without recursion", () => {
    const million = 1_000_000;

    expect(isNestedDeeperThan(million, "[".repeat(million))).toBe(false);
    expect(isNestedDeeperThan(million - 1, "[".repeat(million))).toBe(true);
  });
});
