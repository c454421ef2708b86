import type { Outcome, Problem } from "./chart.ts";
import { type FirstAnswer, firstAnswer } from "./first-answer.ts";
import { frontDoorOf } from "./front-door.ts";
import type { Patient } from "./patient.ts";

/** What no server of MCP says to a client without a token. */
function problemsOf({ response, status }: FirstAnswer, url: URL): Problem[] {
  if (frontDoorOf(response, url)) return [];
  if (status >= 500) {
    return [
      { what: `The server is in trouble (HTTP ${status}).`, advice: "Look at the server's log." },
    ];
  }
  if (status >= 300 && status < 400) {
    return [
      {
        what: `The address leads to another one (HTTP ${status}).`,
        advice: "Give the address where the server itself answers.",
      },
    ];
  }
  if ([404, 405, 410].includes(status)) {
    return [
      {
        what: `Nothing speaks MCP at this address (HTTP ${status}).`,
        advice: "Check the path: often it is /mcp, or /sse with --transport sse.",
      },
    ];
  }
  return [];
}

/** Whether the server answers at all, without a token. */
export async function reach(patient: Patient): Promise<Outcome<FirstAnswer>> {
  const answer = await firstAnswer(patient, patient.sendToServer);
  const { status, transport, response } = answer;
  const door = frontDoorOf(response, patient.url)?.name;
  const asked = transport === "sse" ? "a stream" : "a session";
  const problems = problemsOf(answer, patient.url);
  return {
    says: `HTTP ${status} to a request for ${asked} without a token.`,
    facts: { status, transport, ...(door && { door }) },
    problems,
    value: problems.length === 0 ? answer : undefined,
  };
}
