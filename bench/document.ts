import { readFile, writeFile } from "node:fs/promises";

import { addChart } from "./add-chart.ts";
import type { Findings } from "./findings.ts";
import { describeMachine } from "./machine.ts";
import type { Options } from "./options.ts";
import { resultsTable } from "./results.ts";
import { ROW_KEYS, ROWS } from "./rows.ts";
import { sessionsTable } from "./sessions/sessions-table.ts";
import { markdownTable } from "./table.ts";
import { targetsTable } from "./targets.ts";
import { waysTable } from "./ways.ts";
import type { CoreSplit } from "./workers/cores.ts";

type Plans = Pick<Options, "plan" | "sessions">;

/** A run's tables, in the order in which they are read; those are absent that were not asked for. */
interface Tables {
  readonly targets: string | undefined;
  readonly requests: string | undefined;
  readonly sessions: string | undefined;
  readonly ways: string | undefined;
}

export function tablesOf(
  { measured, sessions, ways }: Findings,
  { plan: { connections }, sessions: { open } }: Plans,
): Tables {
  return {
    targets: targetsTable(measured, sessions),
    requests: measured.length > 0 ? resultsTable(measured, connections) : undefined,
    sessions: sessions && sessionsTable(sessions, connections, open),
    ways: ways && waysTable(ways, connections),
  };
}

function coresUsed(cores: CoreSplit | undefined): string {
  if (!cores)
    return "The load shares the cores with the Worker: this system cannot pin processes (`taskset` on Linux, two cores).";
  return `The workerd that is measured is pinned to one core (${cores.worker}); the load, GitHub and all else of this command run on the others (${cores.load.join(", ")}).`;
}

function storageUsed(storage: Findings["storage"]): string {
  return storage === "memory"
    ? "KV and Durable Objects are kept in main memory, so that no disk is measured."
    : "KV and Durable Objects are kept on this machine's disk, which is measured with them: there is no `/dev/shm` with room.";
}

function meanings(): string {
  return markdownTable(
    [
      { title: "request", align: "left" },
      { title: "what is asked", align: "left" },
    ],
    ROWS.map(({ name, meaning }) => [name, meaning]),
  );
}

/** The servers, and how they are measured. */
function method(findings: Findings, { plan, sessions }: Plans): string {
  const rounds = findings.measured[0]?.results[0]?.samples.length ?? 0;
  return `- **floor**: a bare Worker with one KV read and a JSON answer. It gets the same requests as our own floor, and
  answers at the same length.
- **own floor**: our Worker with all that stands in front of a call, the token check and the limits, and a
  constant answer behind it, as long as that of \`add\` (\`test/support/entries/constant-answer.ts\`).
- **ours**: this Worker as it is deployed, with four tools, signed in through its real pages.
- **stock**: the libraries as their own documentation uses them, with as many tools: \`OAuthProvider\`
  in front of \`createMcpHandler\` (stateless) or of \`McpAgent\` (session, SSE). It binds no session to its
  owner, checks no scopes, counts nothing and writes no log. Its source is \`bench/stock/\`. Octokit's
  throttling is off there: as it comes, its instances share promises, and workerd ends concurrent calls with 500.
- **median ms**, **p95 ms**: until the last byte of the answer, on one connection, one exchange after the other.
- **req/s at ${plan.connections}**: ${plan.connections} keep-alive connections, each asking anew as soon as it is answered.
- **CPU ms**: processor time of the Worker's own workerd an exchange, all threads, at ${plan.connections} connections.
- **compared with**: requests a second and processor time as shares of that server's, in the same round:
  the median, and for requests the least and the most of any round. Neighbours on the machine disturb processor times least.

Each figure is the median of ${rounds} rounds, in which the servers take turns row by row, every other round in the
opposite order. Each turn begins with a run-in of 400 requests at most, before the clock starts. Every answer is checked. Each server has a workerd of
its own, another one to open sessions and to sign in, and is asked over loopback with no proxy between. ${coresUsed(findings.cores)}
${storageUsed(findings.storage)}

Every limit is on, and raised so that none is reached. On this machine a limit is a Durable Object of Miniflare
with a database of its own, to which each counted call makes a round trip; in Cloudflare's network it is
no object. **own floor, no limits** shows what they cost here. The floor and stock have none.

${meanings()}

## Open sessions

${tablesOf(findings, { plan, sessions }).sessions ?? ""}

In fresh processes of workerd, ${findings.sessions?.ours.length ?? 0} of each server in turns; the median. With one session open, all
connections call in it; with ${sessions.open.toLocaleString("en")}, each call goes to the next one. **KiB a session** is what the process's
resident memory (RSS) grew by while the sessions were opened, divided by their number, both times after
garbage collections: in the Worker, and in the local KV and rate limiter, which are Workers of the same process and
whose garbage no session holds. They are opened one after the other. Before that, ${sessions.warmUp} sessions are opened and ended. workerd puts an idle object to rest after ten
seconds; here it is told not to, for both servers, so that all sessions are in memory.`;
}

function textOf(findings: Findings, plans: Plans, whereTimeGoes: string, bundle: string): string {
  const { targets, requests, ways } = tablesOf(findings, plans);
  const facts = describeMachine().map((fact) => `- ${fact}`);
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}. Machines are noisy: read
the ratios, not the milliseconds.

\`\`\`sh
npm run bench                           # ten minutes; prints the tables
npm run bench -- --quick                # whether everything runs and answers correctly
npm run bench -- --rows add,sessions    # of ${ROW_KEYS.join(", ")}
npm run bench -- --rounds 25            # more rounds, for a noisy machine
\`\`\`

![Bars of how many calls each server answers in a second: ours beside stock, and both beside the floor](benchmarks.svg)

## Targets

${targets ?? ""}

Each is the median of the rounds of one run, and beside it the least and the most of any round. Requests a second
are those at ${plans.plan.connections} connections, and time is the median at one. **by CPU time** is the same ratio by the processor
time of an exchange, at ${plans.plan.connections} connections.

## Requests

${requests ?? ""}

${method(findings, plans)}

## Ways in

\`add\` without a session, of our Worker alone, by each way to prove who calls. The ratios are to a person
who signed in, in the same round.

${ways ?? ""}

## Where the time goes

${whereTimeGoes.trim()}

## Measured on

${facts.join("\n")}

## Bundle

What \`wrangler deploy --minify\` uploads, by npm package: the largest of ours. Bytes of a package are counted
after minification and before compression.

${bundle}
`;
}

const DOCUMENT = new URL("../docs/benchmarks.md", import.meta.url);
const CHART = new URL("../docs/benchmarks.svg", import.meta.url);
const WHERE_THE_TIME_GOES = new URL("where-the-time-goes.md", import.meta.url);

/** Writes docs/benchmarks.md and its chart. */
export async function writeDocument(
  findings: Findings,
  plans: Plans,
  bundle: string,
): Promise<void> {
  const whereTimeGoes = await readFile(WHERE_THE_TIME_GOES, "utf8");
  await writeFile(DOCUMENT, textOf(findings, plans, whereTimeGoes, bundle));
  await writeFile(CHART, addChart(findings.measured, plans.plan.connections));
}
