import { eventsOf } from "./event-stream.ts";
import { keepAlive } from "./keep-alive.ts";
import type { Lane, SignedInSite } from "./lane.ts";
import { bodyOf, expectResult, type RpcCall, type RpcMessage } from "./rpc.ts";
import { INITIALIZED, initializeCall } from "./session.ts";

const SSE_VERSION = "2024-11-05";

/** One stream a connection: questions are posted, and the answers come on the stream. */
export function sseLane({ origin, token }: SignedInSite, ask: () => RpcCall): Lane {
  return async () => {
    const streaming = keepAlive(origin);
    const posting = keepAlive(origin);
    const authorization = `Bearer ${token}`;
    const stream = await streaming.open("/sse", {
      headers: { accept: "text/event-stream", authorization },
    });
    const events = eventsOf(stream);

    async function next(event: string): Promise<string> {
      const { value } = await events.next();
      if (value?.event === event) return value.data;
      throw new Error(`The stream of ${origin} did not bring the event ${event}.`);
    }

    const endpoint = new URL(await next("endpoint"), origin);

    async function post(body: string): Promise<void> {
      const headers = { authorization, "content-type": "application/json" };
      const path = endpoint.pathname + endpoint.search;
      const { status } = await posting.send(path, { method: "POST", headers, body });
      if (status !== 202) throw new Error(`A message was answered with ${status}.`);
    }

    async function call(id: number, question: RpcCall): Promise<void> {
      const [message] = await Promise.all([next("message"), post(bodyOf(id, question))]);
      expectResult(JSON.parse(message) as RpcMessage, id, question);
    }

    await call(0, initializeCall(SSE_VERSION));
    await post(INITIALIZED);
    let id = 0;
    return {
      exchange: () => call(++id, ask()),
      close() {
        stream.destroy();
        streaming.close();
        posting.close();
      },
    };
  };
}
