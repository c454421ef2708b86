import { McpAgent } from "agents/mcp";

import { liveStream } from "./live-stream.ts";
import type { SessionProps } from "./session-agent.ts";
import type { SessionIds } from "./session-id.ts";
import { objectName, type SessionNamespace, watchedNamespace } from "./session-objects.ts";
import { type SessionRequest, SSE_MESSAGES, toAgentRequest } from "./session-request.ts";

/** RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;

/** `McpAgent` as this server uses it. Whoever calls has proved to own the session that is named. */
export interface SessionLibrary {
  /** `initialize`: opens a session, and names it in its answer. */
  open(incoming: SessionRequest): Promise<Response>;
  /** Any other request to `/mcp`. */
  streamable(incoming: SessionRequest, id: string): Promise<Response>;
  openSse(incoming: SessionRequest): Promise<Response>;
  postToSse(incoming: SessionRequest, id: string): Promise<Response>;
}

export function sessionLibrary(namespace: SessionNamespace, ids: SessionIds): SessionLibrary {
  const streamableService = McpAgent.serve("/mcp");
  const sseService = McpAgent.serveSSE("/sse");

  async function serve(
    service: typeof streamableService,
    incoming: SessionRequest,
    path: string,
    id: string,
  ): Promise<Response> {
    const { identity, grantId } = incoming.call.caller;
    const props: SessionProps = { identity, grantId };
    // The library keeps the props that it finds here; what the token brought is more than a reference.
    const ctx = Object.assign(incoming.ctx, { props });
    const sockets: WebSocket[] = [];
    const watched = watchedNamespace(namespace, {
      id,
      onSocket: (socket) => sockets.push(socket),
    });
    const request = toAgentRequest(incoming, path);
    const response = await service.fetch(request, { MCP_OBJECT: watched }, ctx);
    return liveStream(response, incoming.token, {
      // The library notices a client that has gone only when it writes to it.
      stop: () => sockets.forEach((socket) => socket.close(GOING_AWAY)),
    });
  }

  /** Straight to the object, past the library's handler, which calls it more than once. */
  function post(incoming: SessionRequest, path: string, name: string): Promise<Response> {
    return namespace.get(namespace.idFromName(name)).fetch(toAgentRequest(incoming, path));
  }

  async function postMessage(incoming: SessionRequest, id: string): Promise<Response> {
    return liveStream(await post(incoming, "/mcp", objectName("session", id)), incoming.token);
  }

  return {
    async open(incoming) {
      const id = await ids.mint(incoming.call.caller);
      const opened = await postMessage(incoming, id);
      if (!opened.ok) return opened;
      const response = new Response(opened.body, opened);
      response.headers.set("Mcp-Session-Id", id);
      return response;
    },
    streamable: (incoming, id) =>
      incoming.request.method === "POST"
        ? postMessage(incoming, id)
        : serve(streamableService, incoming, "/mcp", id),
    openSse: async (incoming) =>
      serve(sseService, incoming, "/sse", await ids.mint(incoming.call.caller)),
    postToSse: (incoming, id) => post(incoming, SSE_MESSAGES, objectName("sse", id)),
  };
}
