import { randomUUID } from "node:crypto";

import type { Call, Handler } from "./fixture-server.ts";

export interface SessionServer {
  readonly handle: Handler;
  /** The sessions that are open. */
  readonly sessions: ReadonlySet<string>;
  /** The open standing streams, by session. */
  readonly standing: ReadonlyMap<string, Call>;
  /** Forgets all sessions, as a server does that starts again. */
  forget(): void;
}

const METHODS = new Set(["GET", "POST", "DELETE"]);

/**
 * A server with sessions (MCP 2025-03-26 to 2025-11-25). `answer` is given what the session's rules
 * leave: requests in a session that exists.
 */
export function sessionServer(
  answer: Handler,
  { unknown = 404, standing = true } = {},
): SessionServer {
  const sessions = new Set<string>();
  const streams = new Map<string, Call>();

  const initialize = (call: Call): void => {
    const id = randomUUID();
    sessions.add(id);
    const { protocolVersion } = call.message!.params;
    const serverInfo = { name: "fixture", version: "1.0.0" };
    call.result(
      { protocolVersion, capabilities: { tools: {} }, serverInfo },
      { "mcp-session-id": id },
    );
  };

  return {
    sessions,
    standing: streams,
    forget() {
      sessions.clear();
      streams.clear();
    },
    async handle(call) {
      if (!METHODS.has(call.method)) return call.status(405);
      if (call.message?.method === "initialize") return initialize(call);
      const id = String(call.headers["mcp-session-id"]);
      if (!sessions.has(id)) {
        const error = { code: -32_000, message: "Bad Request: No valid session ID provided" };
        return call.status(unknown, JSON.stringify({ jsonrpc: "2.0", error, id: null }));
      }
      if (call.method === "DELETE") {
        sessions.delete(id);
        return call.status(200);
      }
      if (call.method === "GET" && !call.headers["last-event-id"]) {
        if (!standing) return call.status(405);
        streams.set(id, call);
        return call.stream();
      }
      if (call.message?.method === "notifications/initialized") return call.status(202);
      await answer(call);
    },
  };
}
