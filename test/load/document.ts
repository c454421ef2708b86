import { markdownTable } from "../../bench/table.ts";
import type { StageResult } from "../proof/results.ts";
import { type About, ABOUT } from "./about.ts";
import { ALONE } from "./beside.ts";
import type { Fact, Found, Latency, Series } from "./found.ts";

const SERIES_COLUMNS = [
  { title: "questions", align: "left" },
  { title: "a second", align: "right" },
  { title: "held", align: "right" },
  { title: "answered", align: "right" },
  { title: "failed", align: "right" },
  { title: "not asked", align: "right" },
  { title: "most waiting", align: "right" },
  { title: "p50 ms", align: "right" },
  { title: "p99 ms", align: "right" },
  { title: "max ms", align: "right" },
  { title: "p50, p99 of floor", align: "right" },
  { title: "p50, p99 of alone", align: "right" },
] as const;

const ABSENT = "–";

const count = (value: number) => Math.round(value).toLocaleString("en-US");

function ratios(own: Latency | undefined, reference: Latency | undefined): string {
  if (!own || !reference || own === reference) return ABSENT;
  const ratio = (share: "p50" | "p99") => `${(own[share] / reference[share]).toFixed(1)}×`;
  return `${ratio("p50")}, ${ratio("p99")}`;
}

function seriesTable(all: readonly Series[]): string {
  const floor = all[0]?.latency;
  const alone = all.find(({ name }) => name === ALONE)?.latency;
  const rows = all.map(({ latency, errors, ...series }) => [
    series.name,
    String(series.rate),
    series.achieved.toFixed(1),
    count(series.answered),
    count(Object.values(errors).reduce((sum, times) => sum + times, 0)),
    count(series.dropped),
    count(series.backlog),
    ...(["p50", "p99", "max"] as const).map((part) => latency?.[part].toFixed(1) ?? ABSENT),
    ratios(latency, floor),
    latency === floor ? ABSENT : ratios(latency, alone),
  ]);
  return markdownTable(SERIES_COLUMNS, rows);
}

function factsTable(facts: readonly Fact[]): string {
  const rows = facts.map(({ what, value, unit }) => [
    what,
    unit === undefined ? count(value) : `${value.toFixed(1)} ${unit}`,
  ]);
  return markdownTable(
    [
      { title: "figure", align: "left" },
      { title: "value", align: "right" },
    ],
    rows,
  );
}

function errorsText(all: readonly Series[]): string[] {
  const lines = all.flatMap(({ name, errors }) =>
    Object.entries(errors).map(([kind, times]) => `- ${name}: ${count(times)} × \`${kind}\``),
  );
  return lines.length > 0 ? [`Failures by kind:\n\n${lines.join("\n")}`] : [];
}

/** What a load came to, as text that is also readable in a terminal. */
export function foundText({ series, facts, faults }: Found): string {
  const failed = faults.length > 0 ? [`**Failed:**\n\n- ${faults.join("\n- ")}`] : [];
  return [...failed, seriesTable(series), factsTable(facts), ...errorsText(series)].join("\n\n");
}

function resultText({ date, passed, seconds, settings, found, output }: StageResult): string[] {
  const asked = Object.entries(settings).map(([name, value]) => `\`${name}=${value}\``);
  const outcome = passed ? "passed" : "**failed**";
  return [
    `Last run on ${date}, ${(seconds / 60).toFixed(1)} minutes, ${outcome}, with ${asked.join(", ")}.`,
    found === undefined ? `\`\`\`text\n${output}\n\`\`\`` : foundText(found as Found),
  ];
}

function stageText({ name, done, read }: About, title: string, result?: StageResult): string {
  const last = result ? resultText(result) : ["It has not been run yet."];
  return [`## ${title}`, `${done} \`npm run proof -- ${name}\``, ...last, read].join("\n\n");
}

/** The whole of docs/reliability.md, from what the loads left, each when it last ran. */
export function reliabilityText(
  results: readonly StageResult[],
  titles: ReadonlyMap<string, string>,
): string {
  const stages = ABOUT.map((about) => ({
    about,
    result: results.find(({ name }) => name === about.name),
  }));
  const machines = new Set(stages.flatMap(({ result }) => result?.machine.join("\n- ") ?? []));
  return `# Reliability

Written by \`npm run proof\`: what happens under load, how soon the Worker answers meanwhile, and what memory it holds.
Machines are noisy: read the ratios, not the milliseconds.

## How it is measured

- The Worker, as it is deployed, runs in a workerd of its own, without a proxy, beside a local GitHub. Everything is on
  loopback. Rate limits are as deployed for the storm and the login loop, absent for the stateless calls, and else out of
  reach.
- **Open loop**: questions come due on a schedule, whether or not those before were answered. Times count from the moment at
  which a question was due, so a stall is charged to everyone whom it would have kept waiting. A question that is
  ten seconds late is not asked.
- **calibration: floor**: a bare Worker with one KV read and a JSON answer, at the same rate, on the same machine, just before.
- **alone**: the Worker under test, asked by the same person at the same rate, before the load began.
- Every answer is checked. A run fails when one is wrong or missing, or when less than 99 % of a rate was held.
- Memory is what the system says that workerd holds (resident set), with its local KV and its databases in it.

${stages.map(({ about, result }) => stageText(about, titles.get(about.name) ?? about.name, result)).join("\n\n")}

## If you run a server

- A call without a session makes no object. An idle stream asks for no work but a comment every 25 seconds and a look at
  its token every 50.
- Each session and each SSE stream is a Durable Object. What a person may open in a minute is bounded by
  \`SESSION_LIMIT\`, and what they may call by \`CALL_LIMIT\`, both in \`wrangler.jsonc\`; who meets one gets 429 with \`Retry-After\`.
- A request that stops in the middle is given up after 15 seconds. An answer that nobody takes keeps its bytes in memory
  until its client goes.
- Clients that vanish without closing are noticed when the next comments are sent to them, within a minute.
- These figures are of one process on one small machine, which the load itself shares. Cloudflare runs a Worker in many
  places at once, on other hardware: expect other milliseconds, and the same proportions.

## Run on

${[...machines].map((machine) => `- ${machine}`).join("\n\n") || "Nothing has been run yet."}
`;
}
