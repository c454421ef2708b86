import { keepAlive, type Question } from "./keep-alive.ts";
import type { Lane, SignedInSite } from "./lane.ts";
import { bodyOf, expectResult, messageIn, type RpcCall } from "./rpc.ts";

const VERSION = "2026-07-28";

/** The envelope that every request of the stateless protocol carries instead of a session. */
const ENVELOPE = {
  "io.modelcontextprotocol/protocolVersion": VERSION,
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

function headersOf({ method, params }: RpcCall, token: string): Record<string, string> {
  return {
    accept: "application/json, text/event-stream",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "mcp-protocol-version": VERSION,
    "mcp-method": method,
    ...(typeof params.name === "string" && { "mcp-name": params.name }),
  };
}

/** A call as one request of the stateless protocol. */
export function statelessQuestion(id: number, call: RpcCall, token: string): Question {
  const enveloped = { ...call, params: { ...call.params, _meta: ENVELOPE } };
  return { method: "POST", headers: headersOf(call, token), body: bodyOf(id, enveloped) };
}

export function statelessLane({ origin, token }: SignedInSite, ask: () => RpcCall): Lane {
  return async () => {
    const connection = keepAlive(origin);
    let id = 0;
    return {
      async exchange(onAnswered) {
        const call = ask();
        const answer = await connection.send("/mcp", statelessQuestion(++id, call, token));
        onAnswered?.();
        expectResult(messageIn(answer), id, call);
      },
      close: () => connection.close(),
    };
  };
}
