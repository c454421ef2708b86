import { writeFile } from "node:fs/promises";

import { markdownTable } from "../../bench/table.ts";
import { reliabilityText } from "../load/document.ts";
import { clientsText } from "./clients-document.ts";
import { readResults, type StageResult } from "./results.ts";
import { TITLES } from "./stages.ts";

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
const RELIABILITY = new URL("../../docs/reliability.md", import.meta.url);
const CLIENTS = new URL("../../docs/clients.md", import.meta.url);

const number = (value: number) => Math.round(value).toLocaleString("en-US");

function summaryTable(results: readonly StageResult[]): string {
  return markdownTable(
    [
      { title: "what", align: "left" },
      { title: "command", align: "left" },
      { title: "date", align: "left" },
      { title: "outcome", align: "left" },
      { title: "minutes", align: "right" },
    ],
    results.map(({ name, title, date, passed, seconds }) => [
      title,
      `\`npm run proof -- ${name}\``,
      date,
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

${number(Number(runs))} of them, ${(seconds / Number(runs)).toFixed(2)} seconds each, seed ${seed}. Five people with seven grants, in twenty-one
sessions and without one, did this, side by side:

${table}

The local GitHub's own record shows one request a call, each with the token of the grant that called.`;
}

function detailOf({ name, title, settings, found, passed, output }: StageResult): string {
  const parts: string[] = [];
  if (name === "requests" && found) parts.push(requestsText(found as RequestsFound));
  if (name === "interleavings" && found) {
    parts.push(interleavingsText(found as InterleavingsFound, settings["INTERLEAVINGS"] ?? "0"));
  }
  if (!passed) parts.push(`## ${title}: what failed\n\n\`\`\`text\n${output}\n\`\`\``);
  return parts.join("\n\n");
}

/** Writes docs/proof.md, docs/reliability.md and docs/clients.md from what the stages have left, each when it last ran. */
export async function writeDocument(): Promise<void> {
  const results = await readResults();
  const machines = new Set(
    results.map(({ machine }) => machine.map((fact) => `- ${fact}`).join("\n")),
  );
  const text = `# Proof

Written by \`npm run proof\`: what is too long for every run of the tests. Each line is the last run of its command.
What the loads came to is in [reliability.md](reliability.md), what client programs did in [clients.md](clients.md).

${summaryTable(results)}

${results.map(detailOf).filter(Boolean).join("\n\n")}

## Run on

${[...machines].join("\n\n")}
`;
  await writeFile(PATH, text);
  await writeFile(RELIABILITY, reliabilityText(results, TITLES));
  await writeFile(CLIENTS, clientsText(results));
}
