import { setTimeout as delay } from "node:timers/promises";

import { expect } from "vitest";

import type { Audience, Operation } from "./operations.ts";
import { expectOwnWords } from "./secrets.ts";

/** Storage that never answers takes longer than this, and a request that gives it up does not. */
const LIMIT_MS = 20_000;

/** How a failure is told: a program reads a code, a person a page. */
const TOLD: Record<Audience, { type: string; text: RegExp }> = {
  program: { type: "application/json", text: /^\{"error":"temporarily_unavailable"/ },
  mcp: { type: "application/json", text: /^\{"jsonrpc":"2\.0","error":\{"code":-32000,/ },
  person: { type: "text/html", text: /<h2>What to do<\/h2>\s*<p>Wait a few seconds/ },
};

export interface Answered {
  readonly status: number;
  readonly type: string;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** The whole answer, which must come in time and say nothing of what failed. */
export async function answerOf(act: () => Promise<Response>): Promise<Answered> {
  const whole = act().then(async (response) => ({ response, text: await response.text() }));
  const answered = await Promise.race([whole, delay(LIMIT_MS, "late" as const, { ref: false })]);
  if (answered === "late") return expect.fail("It was not answered in time.");
  const { response, text } = answered;
  expect(text).not.toMatch(/faulty|KV |Durable/);
  expectOwnWords(text.replaceAll(/https?:\/\/[^\s"<]+/g, ""));
  return {
    status: response.status,
    type: (response.headers.get("content-type") ?? "").split(";")[0] ?? "",
    retryAfter: response.headers.get("retry-after"),
    text,
  };
}

/** The answer says that trying again will help, in the words of its audience. */
export function expectPassingFailure(answered: Answered, audience: Audience): void {
  const { type, text } = TOLD[audience];
  expect(answered).toMatchObject({ status: 503, type, retryAfter: "5" });
  expect(answered.text).toMatch(text);
}

/** What becomes of an operation, if what it needs has failed, and if not. */
export function expectOutcome(
  answered: Answered,
  { audience, status }: Pick<Operation, "audience" | "status">,
  isStruck: boolean,
): void {
  if (isStruck) expectPassingFailure(answered, audience);
  else expect(answered.status).toBe(status);
}
