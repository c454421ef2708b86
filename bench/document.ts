import { writeFile } from "node:fs/promises";

import { describeMachine } from "./machine.ts";
import type { Row } from "./rows.ts";
import { markdownTable } from "./table.ts";

export interface Findings {
  readonly rows: readonly Row[];
  readonly rounds: number;
  readonly connections: number;
  readonly results: string;
  readonly ways: string;
  readonly bundle: string;
}

function textOf({ rows, rounds, connections, results, ways, bundle }: Findings): string {
  const meanings = markdownTable(
    [
      { title: "request", align: "left" },
      { title: "what is asked", align: "left" },
    ],
    rows.map(({ name, meaning }) => [name, meaning]),
  );
  const facts = describeMachine().map((fact) => `- ${fact}`);
  return `# Benchmarks

Written by \`npm run bench -- --write\` on ${new Date().toISOString().slice(0, 10)}. Machines are noisy: read
the ratios, not the milliseconds.

${results}

- **floor**: a bare Worker with one KV read and a JSON answer, measured anew beside every row.
- **stock**: the libraries as their own documentation uses them, with the one tool \`add\`: \`OAuthProvider\`
  in front of \`createMcpHandler\` (stateless) or \`McpAgent\` (session, SSE). It binds no session to its
  owner, checks no scopes and writes no log. Its source is \`bench/stock/\`.
- **ours**: this Worker as it is deployed, with all its tools, signed in through its real pages.
- **median ms**, **p95 ms**: one connection, one exchange after the other.
- **req/s at ${connections}**: ${connections} keep-alive connections, each asking anew as soon as it is answered.
- **CPU ms**: processor time of the Worker's own workerd an exchange, all threads, at ${connections} connections.
- **req/s of floor**, **req/s of stock**: share of their requests a second, in the same round.
- **CPU of stock**: the same ratio of processor times, which neighbours on the machine disturb least.

Each figure is the median of ${rounds} rounds, in which the servers take turns row by row. Every
answer is checked. Each server has a workerd of its own and is asked over loopback with no proxy between;
the load comes from the same machine and takes its share of the cores.

${meanings}

## Ways in

\`add\` without a session, of our Worker alone, by each way to prove who calls. The ratios are to a person
who signed in, in the same round.

${ways}

## Measured on

${facts.join("\n")}

## Bundle

What \`wrangler deploy --minify\` uploads, by npm package: the largest of ours. Bytes of a package are counted
after minification and before compression.

${bundle}
`;
}

/** Writes docs/benchmarks.md. */
export async function writeDocument(findings: Findings): Promise<void> {
  await writeFile(new URL("../docs/benchmarks.md", import.meta.url), textOf(findings));
}
