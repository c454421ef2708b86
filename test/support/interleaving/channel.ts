import { openSession, send, toolCall } from "../rpc.ts";
import type { TestServer } from "../server.ts";
import { type Outcome, outcomeOf, outcomeOfResponse } from "./outcome.ts";

/** One way in which one caller speaks to the server. */
export interface Channel {
  readonly kind: "session" | "stream" | "stateless";
  /** Calls a tool with the owner's token, or with a stranger's. */
  call(token: string, tool: string): Promise<Outcome>;
  /** Sends a request without a body to where the session's are sent. */
  meddle(token: string, method: "GET" | "DELETE"): Promise<Outcome>;
  end(): Promise<void>;
  /** Begins anew what has ended. */
  reopen(): Promise<void>;
}

let lastId = 100;

/** No two requests of a run have the same id. */
export const nextId = () => ++lastId;

/** A session of the 2025 revisions. */
export async function sessionChannel(server: TestServer, owner: string): Promise<Channel> {
  let sessionId = await openSession(server, owner);
  let hasEnded = false;
  return {
    kind: "session",
    call(token, tool) {
      const message = toolCall(tool, {}, nextId());
      return outcomeOf(send(server, { token, sessionId, message }).then(outcomeOfResponse));
    },
    meddle: (token, method) =>
      outcomeOf(send(server, { token, sessionId, method }).then(outcomeOfResponse)),
    async end() {
      hasEnded = true;
      const ended = send(server, { token: owner, sessionId, method: "DELETE" });
      await outcomeOf(ended.then(outcomeOfResponse));
    },
    async reopen() {
      // A session outlives its object's instance.
      if (hasEnded) sessionId = await openSession(server, owner);
      hasEnded = false;
    },
  };
}

/** The revision of 2026-07-28, which has nothing to end. */
export function statelessChannel(server: TestServer): Channel {
  return {
    kind: "stateless",
    call(token, tool) {
      const { params, ...call } = toolCall(tool, {}, nextId());
      const message = { ...call, params: { ...params, _meta: ENVELOPE } };
      const headers = { ...STATELESS_HEADERS, "mcp-name": tool };
      return outcomeOf(send(server, { token, headers, message }).then(outcomeOfResponse));
    },
    meddle: (token, method) => outcomeOf(send(server, { token, method }).then(outcomeOfResponse)),
    end: async () => undefined,
    reopen: async () => undefined,
  };
}

const ENVELOPE = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1.0.0" },
  "io.modelcontextprotocol/clientCapabilities": {},
};

const STATELESS_HEADERS = {
  "mcp-protocol-version": "2026-07-28",
  "mcp-method": "tools/call",
};
