import { type Column, markdownTable } from "../../bench/table.ts";
import { type Step, STEPS } from "../support/clients/client-row.ts";
import type { ClientFound, ClientsFound, StepOutcome } from "./clients-found.ts";
import type { StageResult } from "./results.ts";

/** The stage whose result this page shows. */
const STAGE = "clients";

const SIGNS: Record<StepOutcome["state"], string> = {
  passed: "✓",
  failed: "✗",
  cannot: "–",
  "not run": "not run",
};

const NEVER: StepOutcome = { state: "not run", why: "It was not run." };

const NOT_TRIED = [
  [
    "Claude on the web, and its connectors in Claude Desktop",
    "They call from their maker's cloud: they need an account and a public address.",
    "",
  ],
  ["ChatGPT", "The same.", ""],
  [
    "Workers AI Playground",
    "It calls from Cloudflare's cloud and needs a public address.",
    "its client: the Agents SDK",
  ],
  ["Claude Desktop with a bridge", "It needs a desktop and an account.", "the bridge: mcp-remote"],
  ["Cursor", "It needs a desktop and an account.", ""],
  ["VS Code", "It needs a desktop, and an account for its chat.", ""],
  ["FastMCP and other clients in Python", "The tests install from npm only.", ""],
];

const left = (titles: readonly string[]): Column[] =>
  titles.map((title) => ({ title, align: "left" }));

/** Numbers each reason once, in the order in which the table first names it. */
class Footnotes {
  readonly #reasons: string[] = [];

  markFor(reason: string): string {
    if (!this.#reasons.includes(reason)) this.#reasons.push(reason);
    return `[^${this.#reasons.indexOf(reason) + 1}]`;
  }

  text(): string[] {
    return this.#reasons.map((reason, index) => `[^${index + 1}]: ${reason}`);
  }
}

function rowCells({ program, version, road, signsIn, steps }: ClientFound, notes: Footnotes) {
  const cellOf = (step: Step) => {
    const outcome = steps[step] ?? NEVER;
    return SIGNS[outcome.state] + (outcome.state === "passed" ? "" : notes.markFor(outcome.why));
  };
  return [`${program} ${version}`, road, signsIn, ...STEPS.map(cellOf)];
}

function tableText({ rows, empty }: ClientsFound): string {
  const notes = new Footnotes();
  const table = markdownTable(
    left(["program", "road", "how it signs in", ...STEPS]),
    rows.map((row) => rowCells(row, notes)),
  );
  const silent = empty.map((file) => `- \`${file}\` has no row: it was not run to its end.`);
  return [table, silent.join("\n"), ...notes.text()].filter(Boolean).join("\n\n");
}

function resultText(result: StageResult | undefined): string {
  if (!result) return "It has not been run yet.";
  const { date, seconds, passed, found, output } = result;
  const outcome = passed ? "passed" : "**failed**";
  const last = `Last run on ${date}, ${(seconds / 60).toFixed(1)} minutes, ${outcome}.`;
  const table =
    found === undefined ? `\`\`\`text\n${output}\n\`\`\`` : tableText(found as ClientsFound);
  return `${last}\n\n${table}`;
}

/** The whole of docs/clients.md, from what the matrix left when it last ran. */
export function clientsText(results: readonly StageResult[]): string {
  return `# Clients

Written by \`npm run proof -- ${STAGE}\`: which programs were connected to this server, as they are, and what each of them did.
How to connect one is in [connect.md](connect.md).

${resultText(results.find(({ name }) => name === STAGE))}

✓ it does, ✗ it failed, – it cannot. The notes below the table say why.

## How it is tested

The Worker runs as \`npm start\` runs it, beside the local GitHub. Programs run as their makers publish them, libraries in a few
lines of ours. Each is given the address and what its road names, finds the sign-in by itself and opens a page; a person
without a window allows it and picks an account. Its connection then lasts through all steps.

- **signs in**: it connects, and has asked the person once. A program that sends a token has asked nobody.
- **lists the tools**: those that the person is offered, and no others.
- **calls each tool**: with the right answer, under the name of the person who signed in.
- **goes on after a restart**: the server ends and starts again with what it keeps. The next call works without a sign-in.
- **renews its token**: the access token lives for a minute here, and that minute goes by. The next call works without a
  sign-in.

Where a program has a model, a script takes the place of the model: what it asks for is what the test asks for.

\`npm test\` runs the first road of each program. [testing.md](testing.md#client-programs) says how to add one.

## What is not tried

${markdownTable(left(["client", "why not", "what comes close"]), NOT_TRIED)}

## Worth knowing

- An agent whose transport is fixed to \`sse\` cannot sign in from inside a Worker, whatever the server: workerd itself calls
  the \`onerror\` of an \`EventTarget\`, the package \`eventsource\` calls it too, and the MCP SDK takes the second call for a
  second refusal. Left to choose, as agents are by default, it signs in over Streamable HTTP at \`/sse\` and then takes the
  stream.
- Over \`sse\`, the AI SDK does not open a stream again that it has lost. Its program makes another client, which needs no
  sign-in.
- Gemini CLI renews its token before every request of the last five minutes, so here always. To see it use one until its end,
  the test moves the end that Gemini CLI has written down by those five minutes.
- Claude Code and Codex by themselves present the address of a document at their makers, which this server reads from the
  internet. There is none here, so the tests use what both document for other servers: a client id that was registered
  before, and registration by the program.
`;
}
