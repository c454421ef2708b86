import { type Identity, identityKey } from "../auth/identity.ts";
import { describeError, log } from "../log.ts";
import type { ToolCall } from "./account-object.ts";
import { accountOf } from "./accounts.ts";

/** Calls of one person within this time reach their object together. */
const GATHER_MS = 500;

/** Whoever gathered for longer than this was cut off. */
const LOST_MS = 10_000;

/** The person's object keeps no more. */
const MAX_GATHERED = 200;

interface Batch {
  readonly startedAt: number;
  readonly calls: ToolCall[];
}

/** What was called and has not been sent yet, by person, for this isolate. */
const gathering = new Map<string, Batch>();

/**
 * Tells the person's object of a finished tool call, after the answer: no call waits for it, and
 * calls in quick succession cost one request. Calls of the last half second are lost with an isolate.
 */
export function recordCall(
  env: Env,
  ctx: Pick<ExecutionContext, "waitUntil">,
  identity: Identity,
  call: ToolCall,
): void {
  const person = identityKey(identity);
  const { startedAt, calls } = gathering.get(person) ?? { startedAt: 0, calls: [] };
  calls.push(call);
  if (calls.length > MAX_GATHERED) calls.shift();
  if (Date.now() - startedAt < LOST_MS) return;
  gathering.set(person, { startedAt: Date.now(), calls });
  ctx.waitUntil(sendLater(env, identity));
}

async function sendLater(env: Env, identity: Identity): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, GATHER_MS));
  const person = identityKey(identity);
  const batch = gathering.get(person);
  gathering.delete(person);
  if (!batch) return;
  try {
    await accountOf(env, identity).record(batch.calls);
  } catch (error) {
    log("warn", "calls.not_recorded", { caller: person, error: describeError(error) });
  }
}
