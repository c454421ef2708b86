/** One thing that the referee looked at. */
export interface Check {
  readonly id: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly errorMessage?: string;
}

export interface Scenario {
  readonly name: string;
  /** `required`, or why the revision itself does not count it: `extension`, `pending`, `added-after-release`. */
  readonly standing: string;
  readonly checks: readonly Check[];
}

/** Checks that the referee only notes as not made when a server does not do what they are about. */
const NEVER_LEFT_OUT = new Set(["server-sse-disconnect-resume"]);

/** Extensions are a server's choice, and this one offers none. All else counts, whatever its standing. */
export function isCounted({ standing }: Scenario): boolean {
  return standing !== "extension";
}

export function countOf({ checks }: Scenario, status: Check["status"]): number {
  return checks.filter((check) => check.status === status).length;
}

function isBad({ id, status }: Check): boolean {
  if (status === "FAILURE" || status === "WARNING") return true;
  return status !== "SUCCESS" && NEVER_LEFT_OUT.has(id);
}

/** What the referee objects to, warnings included. A scenario that checked nothing has proved nothing. */
export function complaintsOf(scenario: Scenario): string[] {
  if (!isCounted(scenario)) return [];
  const { name, checks } = scenario;
  const bad = checks.filter(isBad);
  if (bad.length === 0 && countOf(scenario, "SUCCESS") === 0) return [`${name}: checked nothing`];
  return bad.map(({ id, status, errorMessage = "" }) => `${status} ${name} ${id}: ${errorMessage}`);
}
