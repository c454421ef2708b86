import { writeFile } from "node:fs/promises";

import { describeMachine } from "../../bench/machine.ts";
import { markdownTable } from "../../bench/table.ts";
import type { StageOutcome } from "./run-stage.ts";

/** What `test/workers/hostile/requests.test.ts` leaves. */
interface RequestsFound {
  readonly seed: number;
  readonly seconds: number;
  readonly routes: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What `test/workers/hostile/interleavings.test.ts` leaves. */
interface InterleavingsFound {
  readonly seed: number;
  readonly seconds: number;
  readonly steps: Readonly<Record<string, number>>;
}

const PATH = new URL("../../docs/proof.md", import.meta.url);

const number = (value: number) => Math.round(value).toLocaleString("en-US");

function summaryTable(outcomes: readonly StageOutcome[]): string {
  return markdownTable(
    [
      { title: "what", align: "left" },
      { title: "outcome", align: "left" },
      { title: "minutes", align: "right" },
    ],
    outcomes.map(({ stage, passed, seconds }) => [
      stage.title,
      passed ? "passed" : "**failed**",
      (seconds / 60).toFixed(1),
    ]),
  );
}

function requestsText({ seed, seconds, routes }: RequestsFound): string {
  const statuses = [...new Set(Object.values(routes).flatMap((seen) => Object.keys(seen)))];
  const columns = statuses.toSorted((a, b) => Number(a) - Number(b));
  const total = Object.values(routes)
    .flatMap((seen) => Object.values(seen))
    .reduce((sum, count) => sum + count, 0);
  const rows = Object.entries(routes)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([route, seen]) => [
      `\`${route}\``,
      ...columns.map((status) => number(seen[status] ?? 0)),
    ]);
  const table = markdownTable(
    [
      { title: "route", align: "left" },
      ...columns.map((title) => ({ title, align: "right" as const })),
    ],
    rows,
  );
  return `## Random bad requests

${number(total)} requests, ${number(total / seconds)} a second, seed ${seed}. How often each route answered with each status:

${table}

\`elsewhere\` is every path that is spelled in another way or does not exist. Each answer came within five seconds,
was no 5xx, had a body as its content type says, gave no secret away, and led no browser to a foreign address.`;
}

function interleavingsText({ seed, seconds, steps }: InterleavingsFound, runs: string): string {
  const table = markdownTable(
    [
      { title: "step", align: "left" },
      { title: "times", align: "right" },
    ],
    Object.entries(steps).map(([step, times]) => [step, number(times)]),
  );
  return `## Random interleavings

${number(Number(runs))} of them, ${(seconds / Number(runs)).toFixed(2)} seconds each, seed ${seed}. Five grants of three people in twenty
channels did this, side by side:

${table}

The local GitHub's own record shows one request a call, each with the token of the grant that called.`;
}

function detailOf({ stage, found, passed, output }: StageOutcome): string {
  const parts: string[] = [];
  if (stage.result === "requests" && found) parts.push(requestsText(found as RequestsFound));
  if (stage.result === "interleavings" && found) {
    const runs = stage.settings["INTERLEAVINGS"] ?? "0";
    parts.push(interleavingsText(found as InterleavingsFound, runs));
  }
  if (!passed) parts.push(`## ${stage.title}: what failed\n\n\`\`\`text\n${output}\n\`\`\``);
  return parts.join("\n\n");
}

function documentOf(outcomes: readonly StageOutcome[], at: Date): string {
  const facts = describeMachine().map((fact) => `- ${fact}`);
  const details = outcomes.map(detailOf).filter(Boolean);
  return `# Proof

Written by \`npm run proof\` on ${at.toISOString().slice(0, 10)}: the random tests of every run, at length.

${summaryTable(outcomes)}

${details.join("\n\n")}

## Run on

${facts.join("\n")}
`;
}

/** Writes docs/proof.md. */
export function writeDocument(outcomes: readonly StageOutcome[]): Promise<void> {
  return writeFile(PATH, documentOf(outcomes, new Date()));
}
