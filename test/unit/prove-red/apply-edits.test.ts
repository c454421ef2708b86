import { describe, expect, it } from "vitest";

import { applyEdits, lineOf } from "../../prove-red/apply-edits.ts";

const TEXT = "first\nsecond $& second\nthird\n";

const edit = (from: string, to = "") => ({ file: "src/a.ts", from, to });

describe("applyEdits", () => {
  it("makes each edit in its one place, and takes the new text as it is", () => {
    const changed = applyEdits(TEXT, [edit("first", "$& $1"), edit("third\n", "")]);

    expect(changed).toBe("$& $1\nsecond $& second\n");
  });

  it.each([
    ["is not there", "fourth"],
    ["is there twice", "second"],
    ["is empty", ""],
  ])("names the file and the text when the text %s", (_what, from) => {
    expect(() => applyEdits(TEXT, [edit(from, "x")])).toThrow(/^src\/a\.ts must have exactly one/);
  });

  it("refuses an edit that changes nothing", () => {
    expect(() => applyEdits(TEXT, [edit("first", "first")])).toThrow("changes nothing");
  });
});

describe("lineOf", () => {
  it("counts lines from 1", () => {
    expect([lineOf(TEXT, edit("first")), lineOf(TEXT, edit("third"))]).toEqual([1, 3]);
  });

  it("is the line where a text of several lines begins", () => {
    expect(lineOf(TEXT, edit("$& second\nthird"))).toBe(2);
  });
});
