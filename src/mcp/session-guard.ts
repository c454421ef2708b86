import { McpAgent } from "agents/mcp";

import { identityKey } from "../auth/identity.ts";
import { describeError, log } from "../log.ts";
import { CALL_HEADER, type VerifiedCall, writeCall } from "./call-header.ts";
import { sessionNotFound } from "./rpc-errors.ts";
import { SESSION_ENDED, type SessionProps } from "./session-agent.ts";
import { sessionIds } from "./session-id.ts";

/** Everything else a client sends stops here, so that no header can pose as one of the library's own. */
const FORWARDED = [
  "accept",
  "content-type",
  "last-event-id",
  "mcp-protocol-version",
  "mcp-session-id",
];

type Stub = DurableObjectStub & { discardIfEnded(): Promise<void> };

/** A request of a session era, its caller verified and its body read. */
export interface SessionRequest {
  readonly request: Request;
  readonly call: VerifiedCall;
  readonly body: string | undefined;
  readonly ctx: ExecutionContext;
}

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
export function sessionGuard(namespace: DurableObjectNamespace, secret: string): SessionGuard {
  const ids = sessionIds(secret);
  const streamableService = McpAgent.serve("/mcp");
  const sseService = McpAgent.serveSSE("/sse");

  /** `McpAgent` asks the namespace for fresh ids; it gets the one that was minted for this caller. */
  function minting(id: string): DurableObjectNamespace {
    return new Proxy(namespace, {
      get(target, property) {
        if (property === "newUniqueId") return () => ({ toString: () => id });
        const value: unknown = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  function forward({ request, call, body }: SessionRequest, path: string): Request {
    const headers = new Headers({ [CALL_HEADER]: writeCall(call) });
    for (const name of FORWARDED) {
      const value = request.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Request(new URL(path, call.origin), {
      method: request.method,
      headers,
      body: body ?? null,
    });
  }

  async function serve(
    service: typeof streamableService,
    incoming: SessionRequest,
    path: string,
  ): Promise<Response> {
    const { identity, grantId } = incoming.call.caller;
    const props: SessionProps = { identity, grantId };
    // The library reads props from the context it is given; the request's own holds the token.
    const ctx = Object.assign(Object.create(incoming.ctx) as ExecutionContext, { props });
    const env = { MCP_OBJECT: minting(await ids.mint(incoming.call.caller)) };
    return service.fetch(forward(incoming, path), env, ctx);
  }

  function discard(name: string, ctx: ExecutionContext): void {
    const stub = namespace.get(namespace.idFromName(name)) as Stub;
    const done = stub.discardIfEnded().catch((error: unknown) => {
      // Destroying an object aborts it, and the abort ends this very call.
      log("info", "session.discarded", { how: describeError(error) });
    });
    ctx.waitUntil(done);
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
      discard(`streamable-http:${id}`, incoming.ctx);
      return sessionNotFound();
    },

    async sse(incoming) {
      const url = new URL(incoming.request.url);
      const id = url.searchParams.get("sessionId");
      if (incoming.request.method === "GET") {
        // A stream always opens a session of its own: clients never choose an id.
        return id === null ? serve(sseService, incoming, "/sse") : sessionNotFound();
      }
      if (id === null || (await isForeign(id, incoming.call))) return sessionNotFound();
      const response = await serve(sseService, incoming, `/sse/message?sessionId=${id}`);
      if (response.status !== 400 || (await response.clone().text()) !== SESSION_ENDED)
        return response;
      discard(`sse:${id}`, incoming.ctx);
      return sessionNotFound();
    },
  };
}
