import { describe, expect, it } from "vitest";

import { faultOf, type TestReport, verdictOf } from "../../prove-red/verdict.ts";

const REFERENCE = { file: "workers/a", name: "a door keeps strangers out" };
const TITLE = "a door keeps strangers out at night";

/** One file's report: its tests as name, status and messages. */
function reportOf(
  tests: readonly [fullName: string, status: string, ...messages: string[]][],
  message = "",
): TestReport {
  const assertionResults = tests.map(([fullName, status, ...failureMessages]) => {
    return { fullName, status, failureMessages };
  });
  const isFailed = message !== "" || tests.some(([, status]) => status === "failed");
  const status = isFailed ? "failed" : "passed";
  return {
    testResults: [{ name: "/copy/test/workers/a.test.ts", status, message, assertionResults }],
  };
}

describe("the verdict on a guard that is off", () => {
  it.each([
    ["red", "an assertion fails", reportOf([[TITLE, "failed", "AssertionError: expected 200"]])],
    ["red", "a poll gives up", reportOf([[TITLE, "failed", "Error: expected [ 1 ] to equal []"]])],
    [
      "red",
      "one of several fails",
      reportOf([
        [`${TITLE}, too`, "passed"],
        [TITLE, "failed", "AssertionError: expected 200"],
      ]),
    ],
    ["green", "all pass", reportOf([[TITLE, "passed"]])],
    ["broken", "a helper throws", reportOf([[TITLE, "failed", "Error: Expected a redirect"]])],
    ["broken", "a test runs out of time", reportOf([[TITLE, "failed", "Error: Test timed out"]])],
    ["broken", "the file does not run", reportOf([[TITLE, "skipped"]], "Build failed")],
    ["broken", "nothing runs", reportOf([[TITLE, "skipped"]])],
    ["broken", "another test fails", reportOf([["a window breaks", "failed", "AssertionError"]])],
  ] as const)("is %s when %s", (outcome, _what, report) => {
    expect(verdictOf(report, [REFERENCE]).outcome).toBe(outcome);
  });

  it("names the test that turned red", () => {
    const report = reportOf([[TITLE, "failed", "AssertionError: expected 200"]]);

    expect(verdictOf(report, [REFERENCE]).detail).toBe(TITLE);
  });

  it("says why a file did not run", () => {
    const report = reportOf([], "Error: The stack did not start\n    at somewhere");

    expect(verdictOf(report, [REFERENCE]).detail).toBe(
      "workers/a.test.ts did not run: Error: The stack did not start",
    );
  });

  it("looks at all tests of a file when the reference names none", () => {
    const report = reportOf([["a window breaks", "failed", "AssertionError: x"]]);

    expect(verdictOf(report, [{ file: "workers/a" }]).outcome).toBe("red");
  });
});

describe("a test with every guard on", () => {
  it("is fine when it ran and passed", () => {
    expect(faultOf(reportOf([[TITLE, "passed"]]), REFERENCE)).toBeUndefined();
  });

  it.each([
    ["it fails", reportOf([[TITLE, "failed", "Error: no"]]), "fails"],
    ["its file does not run", reportOf([], "Build failed"), "did not run"],
    ["no test has its name", reportOf([["a window opens", "passed"]]), "runs no test"],
    ["it is skipped", reportOf([[TITLE, "skipped"]]), "runs no test"],
  ])("is not when %s", (_what, report, words) => {
    expect(faultOf(report, REFERENCE)).toContain(words);
  });
});
