import { describe, expect, it } from "vitest";

import { vitestArguments } from "../../prove-red/run-tests.ts";

/** Vitest matches with this separator, and reports with a space. */
const NAME = "GET /authorize > answers 400 (a page) when $& is missing";

function patternOf(...names: string[]): RegExp {
  const words = vitestArguments(names.map((name) => ({ file: "workers/a", name })));
  const pattern = words.find((word) => word.startsWith("--testNamePattern="));
  return new RegExp(pattern?.replace("--testNamePattern=", "") ?? "");
}

describe("what Vitest is asked to run", () => {
  it("names each project and file once", () => {
    const words = vitestArguments([
      { file: "workers/a" },
      { file: "workers/a" },
      { file: "unit/auth/seal" },
    ]);

    expect(words).toEqual([
      "--project=workers",
      "--project=unit",
      "test/workers/a.test.ts",
      "test/unit/auth/seal.test.ts",
    ]);
  });

  it("is whole files as soon as one reference has no name", () => {
    const words = vitestArguments([{ file: "workers/a", name: "x" }, { file: "workers/a" }]);

    expect(words.join(" ")).not.toContain("testNamePattern");
  });

  it("is any of the names, taken literally", () => {
    expect(NAME).toMatch(patternOf("another name", "answers 400 (a page) when $&"));
    expect(NAME).not.toMatch(patternOf("answers 4.. (a page)"));
  });

  it("is also a name that goes from describe into it", () => {
    expect(NAME).toMatch(patternOf("GET /authorize answers 400"));
  });
});
