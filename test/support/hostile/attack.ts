import { type Answer, exchange, headerOf, type WireRequest } from "./exchange.ts";
import type { HostileRequest } from "./hostile-request.ts";
import type { TargetServer } from "./target-server.ts";
import { PATHS } from "./targets.ts";
import { faultsOf } from "./verdict.ts";
import { callerOf, sessionIdOf, toWire } from "./wire-request.ts";

/** How often each route answered with each status. */
export type Tally = Map<string, Map<number, number>>;

/** Sends one bad request, and returns what is wrong with the answer. */
export async function attack(
  target: TargetServer,
  request: HostileRequest,
  tally: Tally = new Map(),
): Promise<string[]> {
  const wire = toWire(target, request);
  const sessionId = sessionIdOf(target, request);
  try {
    const answer = await inTurn(wire, () => exchange(target.origin, wire));
    count(tally, request, answer.status);
    await tidyUp(target, request, { answer, sessionId });
    return faultsOf(target, wire, answer);
  } catch (error) {
    count(tally, request, 0);
    return [error instanceof Error ? error.message : String(error)];
  }
}

const LARGE_BYTES = 256 * 1024;
let lastLarge: Promise<unknown> = Promise.resolve();

/** Large bodies go one at a time: many at once keep the local runtime busy with copying them. */
function inTurn(wire: WireRequest, send: () => Promise<Answer>): Promise<Answer> {
  if (wire.body.byteLength < LARGE_BYTES) return send();
  const answering = lastLarge.then(send);
  lastLarge = answering.catch(() => undefined);
  return answering;
}

function count(tally: Tally, { path }: HostileRequest, status: number) {
  const route = (PATHS as readonly string[]).includes(path) ? path : "elsewhere";
  const statuses = tally.get(route) ?? new Map<number, number>();
  tally.set(route, statuses.set(status, (statuses.get(status) ?? 0) + 1));
}

/** Ends a session that the request opened, and opens one anew that it ended. */
async function tidyUp(
  target: TargetServer,
  request: HostileRequest,
  { answer, sessionId }: { answer: Answer; sessionId: string | undefined },
) {
  const caller = callerOf(target, request);
  const opened = headerOf(answer, "mcp-session-id");
  if (opened !== undefined && opened !== sessionId) await endSession(target, caller.token, opened);
  const isDeleted = request.method === "DELETE" && answer.status === 204;
  const hasEnded = isDeleted || answer.body.includes("-32001");
  if (hasEnded && sessionId !== undefined && request.session.kind === "own") {
    await caller.reopen(sessionId);
  }
}

async function endSession(target: TargetServer, token: string, sessionId: string) {
  const headers = { authorization: `Bearer ${token}`, "mcp-session-id": sessionId };
  const response = await fetch(`${target.origin}/mcp`, { method: "DELETE", headers });
  await response.body?.cancel();
}
