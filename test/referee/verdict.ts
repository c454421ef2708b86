import type { Check, Scenario } from "./run-referee.ts";

function countOf({ checks }: Scenario, status: Check["status"]): number {
  return checks.filter((check) => check.status === status).length;
}

export function isRequired({ standing }: Scenario): boolean {
  return standing === "required";
}

/** A scenario that checked nothing has proved nothing. */
export function isPassed(scenario: Scenario): boolean {
  return countOf(scenario, "FAILURE") === 0 && countOf(scenario, "SUCCESS") > 0;
}

const HEADINGS = ["revision", "scenario", "standing", "passed", "failed", "warnings"];

export function tableOf(revision: string, scenarios: readonly Scenario[]): string {
  const rows = scenarios.map((scenario) => [
    revision,
    scenario.name,
    scenario.standing,
    ...(["SUCCESS", "FAILURE", "WARNING"] as const).map((each) => String(countOf(scenario, each))),
  ]);
  const table = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)));
  return lines.map((cells) => cells.join("  ").trimEnd()).join("\n");
}

/** What went wrong, check by check. Extensions that we do not offer have only their rows in the table. */
export function complaintsOf(scenarios: readonly Scenario[]): string {
  return scenarios
    .filter(({ standing }) => standing !== "extension")
    .flatMap(({ name, checks }) =>
      checks
        .filter(({ status }) => status === "FAILURE" || status === "WARNING")
        .map(({ id, status, errorMessage = "" }) => `${status} ${name} ${id}: ${errorMessage}`),
    )
    .join("\n");
}

export function summaryOf(revision: string, scenarios: readonly Scenario[]): string {
  const required = scenarios.filter(isRequired);
  const passed = required.filter(isPassed);
  const total = (status: Check["status"]) =>
    required.reduce((sum, scenario) => sum + countOf(scenario, status), 0);
  return (
    `${revision}: ${passed.length} of ${required.length} required scenarios pass ` +
    `(${total("SUCCESS")} checks passed, ${total("FAILURE")} failed, ${total("WARNING")} warnings); ` +
    `${scenarios.length - required.length} more ran and do not count.`
  );
}
