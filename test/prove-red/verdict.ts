import type { TestReference } from "../security/security-case.ts";

/** The part of Vitest's JSON report that verdicts need. */
export interface TestReport {
  readonly testResults: readonly FileResult[];
}

interface FileResult {
  /** The absolute path of the test file. */
  readonly name: string;
  readonly status: string;
  /** Why the file could not run, if so. */
  readonly message: string;
  readonly assertionResults: readonly TestResult[];
}

interface TestResult {
  readonly fullName: string;
  readonly status: string;
  /** An error's name, message and stack each. */
  readonly failureMessages: readonly string[];
}

export interface Verdict {
  readonly outcome: "red" | "green" | "broken";
  /** The test that turned red, or what is wrong. */
  readonly detail: string;
}

function testsOf({ testResults }: TestReport, { file, name = "" }: TestReference): TestResult[] {
  return testResults
    .filter((result) => result.name.endsWith(`/test/${file}.test.ts`))
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ fullName, status }) => fullName.includes(name) && hasRun(status));
}

const hasRun = (status: string) => status === "passed" || status === "failed";

/** A failed `expect`: `expect.poll` gives the last of its assertions as a plain error. */
const isAssertion = (message: string) => /^(?:AssertionError\b|Error: expected )/.test(message);

const firstLine = (text: string) => text.split("\n")[0] ?? "";

/** Why files as a whole failed, such as a server that did not start. */
function failureOf({ testResults }: TestReport): string | undefined {
  const file = testResults.find(({ status, message }) => status === "failed" && message !== "");
  return file && `${file.name.split("/test/").at(-1)} did not run: ${firstLine(file.message)}`;
}

/** What is wrong with a test before any guard is off; nothing if it ran and passed. */
export function faultOf(report: TestReport, reference: TestReference): string | undefined {
  const { file, name = "" } = reference;
  const tests = testsOf(report, reference);
  const failed = tests.find(({ status }) => status === "failed");
  if (failed)
    return `${file} fails: ${failed.fullName}: ${firstLine(failed.failureMessages[0] ?? "")}`;
  if (tests.length > 0) return undefined;
  return failureOf(report) ?? `${file} runs no test whose name contains "${name}".`;
}

/**
 * What tests say with a guard off. Only a failed assertion is red: code that no longer starts, a
 * helper that throws and a test that runs out of time prove nothing about the guard.
 */
export function verdictOf(report: TestReport, references: readonly TestReference[]): Verdict {
  const tests = references.flatMap((reference) => testsOf(report, reference));
  const failed = tests.filter(({ status }) => status === "failed");
  const red = failed.find(({ failureMessages }) => failureMessages.some(isAssertion));
  if (red) return { outcome: "red", detail: red.fullName };
  const [first] = failed;
  if (first) {
    const why = firstLine(first.failureMessages[0] ?? "no message");
    return { outcome: "broken", detail: `${first.fullName} fails without an assertion: ${why}` };
  }
  const failure = failureOf(report);
  if (failure !== undefined) return { outcome: "broken", detail: failure };
  if (tests.length === 0) return { outcome: "broken", detail: "No test ran." };
  return { outcome: "green", detail: `${tests.length} tests pass without the guard.` };
}
