import { McpAgent } from "agents/mcp";

import { liveStream } from "./live-stream.ts";
import type { SessionProps } from "./session-agent.ts";
import { FIRST_PRIMED, firstEventId } from "./session-events.ts";
import type { SessionIds } from "./session-id.ts";
import { type SessionNamespace, watchedNamespace } from "./session-objects.ts";
import { type SessionRequest, toAgentRequest } from "./session-request.ts";

/** RFC 6455, section 7.4.1. */
const GOING_AWAY = 1001;

/** How long a client that was cut off waits before it comes back, in milliseconds. */
const RETRY_MS = 1000;

/** `McpAgent` as this server uses it. Whoever calls has proved to own the session that is named. */
export interface SessionLibrary {
  streamable(incoming: SessionRequest): Promise<Response>;
  openSse(incoming: SessionRequest): Promise<Response>;
  postToSse(incoming: SessionRequest, id: string): Promise<Response>;
}

/** Names the stream before its first message, so that a client that is cut off early can resume it. */
function primingEvent(streamId: string): string {
  return `id: ${firstEventId(streamId)}\nretry: ${RETRY_MS}\ndata: \n\n`;
}

export function sessionLibrary(namespace: SessionNamespace, ids: SessionIds): SessionLibrary {
  const streamableService = McpAgent.serve("/mcp");
  const sseService = McpAgent.serveSSE("/sse");

  async function serve(
    service: typeof streamableService,
    incoming: SessionRequest,
    path: string,
    prelude?: string,
  ): Promise<Response> {
    const { identity, grantId } = incoming.call.caller;
    const props: SessionProps = { identity, grantId };
    // The library keeps the props that it finds here; what the token brought is more than a reference.
    const ctx = Object.assign(incoming.ctx, { props });
    const sockets: WebSocket[] = [];
    const watched = watchedNamespace(namespace, {
      id: await ids.mint(incoming.call.caller),
      onSocket: (socket) => sockets.push(socket),
    });
    const request = toAgentRequest(incoming, path);
    const response = await service.fetch(request, { MCP_OBJECT: watched }, ctx);
    return liveStream(response, incoming.token, {
      prelude,
      // The library notices a client that has gone only when it writes to it.
      stop: () => sockets.forEach((socket) => socket.close(GOING_AWAY)),
    });
  }

  /** A message whose answer is a stream with a name of ours, so that it can begin with that name. */
  function postMessage(incoming: SessionRequest): Promise<Response> {
    const streamId = crypto.randomUUID();
    const version = incoming.request.headers.get("mcp-protocol-version") ?? "";
    const prelude = version >= FIRST_PRIMED ? primingEvent(streamId) : undefined;
    return serve(streamableService, incoming, `/mcp?_pk=${streamId}`, prelude);
  }

  return {
    streamable: (incoming) =>
      incoming.request.method === "POST"
        ? postMessage(incoming)
        : serve(streamableService, incoming, "/mcp"),
    openSse: (incoming) => serve(sseService, incoming, "/sse"),
    postToSse: (incoming, id) => serve(sseService, incoming, `/sse/message?sessionId=${id}`),
  };
}
