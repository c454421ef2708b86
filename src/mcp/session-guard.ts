import { SUPPORTED_PROTOCOL_VERSIONS } from "@modelcontextprotocol/sdk/types.js";

import { identityKey } from "../auth/identity.ts";
import type { Secrets } from "../config.ts";
import { log } from "../log.ts";
import type { VerifiedCall } from "./call-header.ts";
import {
  invalidRequest,
  revisionNotSpoken,
  sessionMissing,
  sessionNotFound,
} from "./rpc-errors.ts";
import { sessionIds } from "./session-id.ts";
import { sessionLibrary } from "./session-library.ts";
import { discardObject, objectName, type SessionNamespace } from "./session-objects.ts";
import type { SessionRequest } from "./session-request.ts";

const OPEN_ALREADY = "Initialize without Mcp-Session-Id: this session is open already.";

/** A request without the header speaks 2025-03-26 (MCP 2025-11-25, Streamable HTTP). */
function isSpoken({ headers }: Request): boolean {
  const version = headers.get("mcp-protocol-version");
  return version === null || SUPPORTED_PROTOCOL_VERSIONS.includes(version);
}

export interface SessionGuard {
  /** Streamable HTTP of the 2025 revisions. */
  session(incoming: SessionRequest): Promise<Response>;
  /** HTTP+SSE of 2024-11-05: `GET /sse` opens a stream, `POST /sse/message` sends. */
  sse(incoming: SessionRequest): Promise<Response>;
}

/**
 * Stands between the verified request and `McpAgent`, which binds no session to its owner, opens an
 * object for any id it is told, and takes internal headers and query keys from clients. Ids are
 * minted here and carry a tag over identity and grant; a request with any other id gets 404 before
 * an object is touched.
 */
export function sessionGuard(namespace: SessionNamespace, secrets: Secrets): SessionGuard {
  const ids = sessionIds(secrets);
  const library = sessionLibrary(namespace, ids);

  async function isForeign(id: string, { caller }: VerifiedCall): Promise<boolean> {
    if (await ids.belongsTo(id, caller)) return false;
    log("warn", "session.refused", { caller: identityKey(caller.identity) });
    return true;
  }

  /** An object that knows no session by its id has been woken up for nothing. */
  async function unlessEnded(
    { ctx }: SessionRequest,
    response: Response,
    name: string,
  ): Promise<Response> {
    if (response.status !== 404) return response;
    await response.body?.cancel();
    ctx.waitUntil(discardObject(namespace, name));
    return sessionNotFound();
  }

  return {
    async session(incoming) {
      const { request, call, opens } = incoming;
      const id = request.headers.get("mcp-session-id");
      if (id !== null && (await isForeign(id, call))) return sessionNotFound();
      if (opens) return id === null ? library.open(incoming) : invalidRequest(OPEN_ALREADY);
      if (!isSpoken(request)) return revisionNotSpoken(SUPPORTED_PROTOCOL_VERSIONS);
      if (id === null) return sessionMissing();
      return unlessEnded(
        incoming,
        await library.streamable(incoming, id),
        objectName("session", id),
      );
    },

    async sse(incoming) {
      const id = new URL(incoming.request.url).searchParams.get("sessionId");
      if (incoming.request.method === "GET") {
        // A stream always opens a session of its own: clients never choose an id.
        return id === null ? library.openSse(incoming) : sessionNotFound();
      }
      if (id === null || (await isForeign(id, incoming.call))) return sessionNotFound();
      return unlessEnded(incoming, await library.postToSse(incoming, id), objectName("sse", id));
    },
  };
}
