import { complaintsOf, countOf, isCounted, type Scenario } from "./scenario.ts";

const STATUSES = ["SUCCESS", "FAILURE", "WARNING", "SKIPPED"] as const;
const HEADINGS = ["run", "scenario", "standing", "passed", "failed", "warnings", "not applicable"];

export function tableOf(run: string, scenarios: readonly Scenario[]): string {
  const rows = scenarios.map((scenario) => [
    run,
    scenario.name,
    scenario.standing,
    ...STATUSES.map((status) => String(countOf(scenario, status))),
  ]);
  const table = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lines = table.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)));
  return lines.map((cells) => cells.join("  ").trimEnd()).join("\n");
}

export function summaryOf(scenarios: readonly Scenario[]): string {
  const counted = scenarios.filter(isCounted);
  const clean = counted.filter((scenario) => complaintsOf(scenario).length === 0);
  const others = scenarios.filter((scenario) => !isCounted(scenario)).map(({ name }) => name);
  const note = `Extensions that are not offered, and that do not count: ${others.join(", ")}.`;
  return [
    `${clean.length} of ${counted.length} scenarios are clean.`,
    ...(others.length > 0 ? [note] : []),
  ].join("\n");
}
