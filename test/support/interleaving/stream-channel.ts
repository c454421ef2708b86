import { openSse, send, toolCall } from "../rpc.ts";
import type { TestServer } from "../server.ts";
import { type Channel, nextId } from "./channel.ts";
import { type Outcome, outcomeOf, outcomeOfMessage, unanswered } from "./outcome.ts";

const ENDED: Outcome = { kind: "broken", why: "the stream ended" };

/** HTTP+SSE of 2024-11-05. Such a session ends with its stream. */
export async function streamChannel(server: TestServer, owner: string): Promise<Channel> {
  let stream = await openStream(server, owner);
  return {
    kind: "stream",
    call: (token, tool) => outcomeOf(stream.ask(token, tool)),
    // GET and DELETE have no meaning at `/sse/message`, so a stranger posts.
    meddle: (token) => outcomeOf(stream.ask(token, "add")),
    end: () => stream.close(),
    async reopen() {
      await stream.close();
      stream = await openStream(server, owner);
    },
  };
}

/** Hands each answer on the stream to whoever asked. */
async function openStream(server: TestServer, owner: string) {
  const { endpoint, next, close } = await openSse(server, owner);
  const waiting = new Map<unknown, (outcome: Outcome) => void>();
  let hasEnded = false;

  async function deliver(): Promise<never> {
    for (;;) {
      const message = (await next()) as { id: unknown; result?: object };
      waiting.get(message.id)?.(outcomeOfMessage(message));
    }
  }
  deliver().catch(() => {
    hasEnded = true;
    for (const settle of waiting.values()) settle(ENDED);
  });

  return {
    close,
    async ask(token: string, tool: string): Promise<Outcome> {
      const message = toolCall(tool, {}, nextId());
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      waiting.set(message.id, resolve);
      const posted = await unanswered(await send(server, { token, path: endpoint, message }));
      return posted ?? (hasEnded ? ENDED : promise);
    },
  };
}
