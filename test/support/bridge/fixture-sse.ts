import type { Call, Handler } from "./fixture-server.ts";

export interface SseServer {
  readonly handle: Handler;
  /** The open streams, by session. */
  readonly streams: ReadonlyMap<string, Call>;
  /** Does not know its sessions any more; their streams stay open. */
  forget(): void;
}

/** A server of MCP 2024-11-05. What `answer` returns is the answer to a request, over the stream. */
export function sseServer(answer: (call: Call) => unknown): SseServer {
  const streams = new Map<string, Call>();
  let last = 0;
  return {
    streams,
    forget: () => streams.clear(),
    handle(call) {
      const { pathname, searchParams } = new URL(call.path, "http://localhost");
      if (call.method === "GET") {
        const session = String(++last);
        streams.set(session, call);
        call.response.once("close", () => streams.delete(session));
        call.stream();
        call.event(`/messages?session=${session}`, { event: "endpoint" });
        return;
      }
      const stream = streams.get(searchParams.get("session") ?? "");
      if (pathname !== "/messages" || !stream) return call.status(404);
      call.status(202);
      const { message } = call;
      const serverInfo = { name: "fixture", version: "1.0.0" };
      const opened = { protocolVersion: "2024-11-05", capabilities: {}, serverInfo };
      const result = message!.method === "initialize" ? opened : answer(call);
      if (message!.id !== undefined && result !== undefined)
        stream.event({ jsonrpc: "2.0", id: message!.id, result });
    },
  };
}
