import { type KeepAlive, keepAlive } from "./keep-alive.ts";
import type { Lane, SignedInSite } from "./lane.ts";
import { bodyOf, expectResult, messageIn, type RpcCall } from "./rpc.ts";

const SESSION_VERSION = "2025-11-25";

export const INITIALIZED = JSON.stringify({
  jsonrpc: "2.0",
  method: "notifications/initialized",
});

export function initializeCall(version: string): RpcCall {
  return {
    method: "initialize",
    params: {
      protocolVersion: version,
      capabilities: {},
      clientInfo: { name: "bench", version: "1.0.0" },
    },
    check: ({ protocolVersion }) => protocolVersion === version,
  };
}

/** What every request of an open session carries. */
export type SessionHeaders = Record<string, string>;

function headersOf(token: string, session?: string): SessionHeaders {
  return {
    accept: "application/json, text/event-stream",
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    ...(session !== undefined && {
      "mcp-session-id": session,
      "mcp-protocol-version": SESSION_VERSION,
    }),
  };
}

/** Opens a session as a client does, and returns the headers of its further requests. */
export async function openSession(connection: KeepAlive, token: string): Promise<SessionHeaders> {
  const call = initializeCall(SESSION_VERSION);
  const opened = await connection.send("/mcp", {
    method: "POST",
    headers: headersOf(token),
    body: bodyOf(0, call),
  });
  expectResult(messageIn(opened), 0, call);
  const id = opened.headers["mcp-session-id"];
  if (typeof id !== "string") throw new Error("The session has no id.");
  const headers = headersOf(token, id);
  const { status } = await connection.send("/mcp", { method: "POST", headers, body: INITIALIZED });
  if (status !== 202) throw new Error(`The notification was answered with ${status}.`);
  return headers;
}

interface OpenSession {
  readonly connection: KeepAlive;
  readonly headers: SessionHeaders;
  onAnswered?: (() => void) | undefined;
}

export async function callInSession(
  { connection, headers, onAnswered }: OpenSession,
  id: number,
  call: RpcCall,
): Promise<void> {
  const answer = await connection.send("/mcp", {
    method: "POST",
    headers,
    body: bodyOf(id, call),
  });
  onAnswered?.();
  expectResult(messageIn(answer), id, call);
}

/** Calls within one session a connection, as one client makes them. */
export function sessionLane({ origin, token }: SignedInSite, ask: () => RpcCall): Lane {
  return async () => {
    const connection = keepAlive(origin);
    const headers = await openSession(connection, token);
    let id = 0;
    return {
      exchange: (onAnswered) => callInSession({ connection, headers, onAnswered }, ++id, ask()),
      close: () => connection.close(),
    };
  };
}

/** A new session in every exchange: `initialize`, then the notification that it is ready. */
export function openingLane({ origin, token }: SignedInSite): Lane {
  return async () => {
    const connection = keepAlive(origin);
    return {
      async exchange() {
        await openSession(connection, token);
      },
      close: () => connection.close(),
    };
  };
}
