import type { Answer } from "./keep-alive.ts";

export interface RpcMessage {
  readonly id?: number;
  readonly result?: {
    readonly content?: readonly { readonly text?: string }[];
    readonly tools?: readonly { readonly name: string }[];
    readonly protocolVersion?: string;
  };
}

/** What is asked of a server, and how its answer is judged. */
export interface RpcCall {
  readonly method: string;
  readonly params: Record<string, unknown>;
  check(result: NonNullable<RpcMessage["result"]>): boolean;
}

const MAX_OPERAND = 1_000_000;

/** A sum that was never asked for before, so that no remembered answer can pass. */
export function addCall(): RpcCall {
  const a = Math.floor(Math.random() * MAX_OPERAND);
  const b = Math.floor(Math.random() * MAX_OPERAND);
  return {
    method: "tools/call",
    params: { name: "add", arguments: { a, b } },
    check: ({ content }) => content?.[0]?.text === String(a + b),
  };
}

export function listCall(): RpcCall {
  return {
    method: "tools/list",
    params: {},
    check: ({ tools }) => tools?.some(({ name }) => name === "add") ?? false,
  };
}

/** A list that is complete when it has as many tools as the server was given. */
export function listOf(count: number): () => RpcCall {
  return () => ({
    ...listCall(),
    check: ({ tools }) => tools?.length === count && tools.some(({ name }) => name === "add"),
  });
}

/** Asks GitHub who the person is. */
export function userInfoCall(): RpcCall {
  return {
    method: "tools/call",
    params: { name: "userInfoOctokit", arguments: {} },
    check: ({ content }) => content?.[0]?.text?.includes("octocat") ?? false,
  };
}

export function bodyOf(id: number, { method, params }: RpcCall): string {
  return JSON.stringify({ jsonrpc: "2.0", id, method, params });
}

/**
 * The one message of an answer, whether it came as JSON or as an event stream, which may begin with
 * an event without data.
 */
export function messageIn({ status, headers, body }: Answer): RpcMessage {
  if (status !== 200) throw new Error(`Expected 200, got ${status}: ${body}`);
  const isStream = headers["content-type"]?.startsWith("text/event-stream") ?? false;
  const json = isStream ? /^data: (.+)$/m.exec(body)?.[1] : body;
  if (json === undefined) throw new Error(`The stream ended without a message: ${body}`);
  return JSON.parse(json) as RpcMessage;
}

export function expectResult(message: RpcMessage, id: number, call: RpcCall): void {
  if (message.id === id && message.result && call.check(message.result)) return;
  throw new Error(`Wrong answer to ${bodyOf(id, call)}: ${JSON.stringify(message)}`);
}
