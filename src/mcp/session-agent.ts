import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { McpAgent } from "agents/mcp";

import type { Caller } from "../auth/caller.ts";
import type { Identity } from "../auth/identity.ts";
import { loadConfig } from "../config.ts";
import { toolContexts } from "../tools/tool-context.ts";
import { readCall } from "./call-header.ts";
import type { RegisterSession } from "./register-tools.ts";
import { SERVER_INFO, SERVER_OPTIONS } from "./server-info.ts";

/** What a session keeps about its owner: a reference, never a token. */
export type SessionProps = { identity: Identity; grantId: string };

/** What the composition root gives to sessions. */
export interface SessionParts {
  readonly register: RegisterSession;
  /** Called when GitHub no longer accepts a caller's token. */
  onSignedOut(env: Env, origin: string, caller: Caller): Promise<void>;
}

/** Said to the guard, which turns it into 404, when a message arrives for a session without a stream. */
export const SESSION_ENDED = "This session has ended.";

/**
 * One session of the 2024 and 2025 protocol revisions in one Durable Object. It trusts its callers:
 * only the guard reaches it, after it has proved that the request comes from the session's owner.
 */
export abstract class BaseSessionAgent extends McpAgent<Env, unknown, SessionProps> {
  override server = new McpServer(SERVER_INFO, SERVER_OPTIONS);

  protected abstract readonly parts: SessionParts;

  override async init(): Promise<void> {
    const contexts = toolContexts(loadConfig(this.env), this.env.AI);
    const { identity } = this.props ?? {};
    if (!identity) throw new Error("The session was opened without an identity.");
    this.parts.register(this.server, contexts.offerFor(identity), (request) => {
      const { caller, origin } = readCall(request?.headers);
      return {
        caller,
        tools: contexts.contextFor(caller),
        onSignedOut: () => this.parts.onSignedOut(this.env, origin, caller),
      };
    });
    // Registering a tool claims that the list may change.
    this.server.server.registerCapabilities(SERVER_OPTIONS.capabilities);
  }

  override async onSSEMcpMessage(
    ...message: Parameters<McpAgent["onSSEMcpMessage"]>
  ): Promise<Error | null> {
    if (!this.getWebSocket()) return new Error(SESSION_ENDED);
    const error = await super.onSSEMcpMessage(...message);
    // The library's own error holds what RPC cannot carry.
    return error && new Error("The request body is not a JSON-RPC message.");
  }

  /** Leaves nothing behind of an object that a lookup of an ended session's id woke up. */
  async discardIfEnded(): Promise<void> {
    if (this.getWebSocket() || (await this.getInitializeRequest())) return;
    await this.destroy();
  }
}
