import { McpAgent } from "agents/mcp";

import { identityKey } from "../auth/identity.ts";
import { log } from "../log.ts";
import type { VerifiedCall } from "./call-header.ts";
import { sessionNotFound } from "./rpc-errors.ts";
import { SESSION_ENDED, type SessionProps } from "./session-agent.ts";
import { sessionIds } from "./session-id.ts";
import { discardObject, mintingNamespace, type SessionNamespace } from "./session-objects.ts";
import { type SessionRequest, toAgentRequest } from "./session-request.ts";

export interface SessionGuard {
  /** Streamable HTTP of the 2025 revisions. */
  streamable(incoming: SessionRequest): Promise<Response>;
  /** HTTP+SSE of 2024-11-05: `GET /sse` opens a stream, `POST /sse/message` sends. */
  sse(incoming: SessionRequest): Promise<Response>;
}

/**
 * Stands between the verified request and `McpAgent`, which binds no session to its owner, opens an
 * object for any id it is told, and takes internal headers and query keys from clients. Ids are
 * minted here and carry a tag over identity and grant; a request with any other id gets 404 before
 * an object is touched.
 */
export function sessionGuard(namespace: SessionNamespace, secret: string): SessionGuard {
  const ids = sessionIds(secret);
  const streamableService = McpAgent.serve("/mcp");
  const sseService = McpAgent.serveSSE("/sse");

  async function serve(
    service: typeof streamableService,
    incoming: SessionRequest,
    path: string,
  ): Promise<Response> {
    const { identity, grantId } = incoming.call.caller;
    const props: SessionProps = { identity, grantId };
    // The library keeps the props that it finds here; what the token brought is more than a reference.
    const ctx = Object.assign(incoming.ctx, { props });
    const env = { MCP_OBJECT: mintingNamespace(namespace, await ids.mint(incoming.call.caller)) };
    return service.fetch(toAgentRequest(incoming, path), env, ctx);
  }

  async function isForeign(id: string, { caller }: VerifiedCall): Promise<boolean> {
    if (await ids.belongsTo(id, caller)) return false;
    log("warn", "session.refused", { caller: identityKey(caller.identity) });
    return true;
  }

  return {
    async streamable(incoming) {
      const id = incoming.request.headers.get("mcp-session-id");
      if (id !== null && (await isForeign(id, incoming.call))) return sessionNotFound();
      const response = await serve(streamableService, incoming, "/mcp");
      if (id === null || response.status !== 404) return response;
      await response.body?.cancel();
      incoming.ctx.waitUntil(discardObject(namespace, `streamable-http:${id}`));
      return sessionNotFound();
    },

    async sse(incoming) {
      const id = new URL(incoming.request.url).searchParams.get("sessionId");
      if (incoming.request.method === "GET") {
        // A stream always opens a session of its own: clients never choose an id.
        return id === null ? serve(sseService, incoming, "/sse") : sessionNotFound();
      }
      if (id === null || (await isForeign(id, incoming.call))) return sessionNotFound();
      const response = await serve(sseService, incoming, `/sse/message?sessionId=${id}`);
      if (response.status !== 400) return response;
      if ((await response.clone().text()) !== SESSION_ENDED) return response;
      incoming.ctx.waitUntil(discardObject(namespace, `sse:${id}`));
      return sessionNotFound();
    },
  };
}
