import { type RawRequest, send } from "./rpc.ts";
import type { TestServer } from "./server.ts";

/** One event of a stream, or a comment between events. */
export interface StreamEvent {
  readonly id?: string;
  readonly data?: string;
  readonly comment?: string;
}

/** A raw event stream, read as no SDK would show it. */
export interface EventStream {
  readonly status: number;
  /** The next event; `undefined` when the stream has ended, or was cut. */
  next(): Promise<StreamEvent | undefined>;
  /** Everything until the server ends the stream. */
  rest(): Promise<StreamEvent[]>;
  /** Breaks the connection, as a client does that loses its network. */
  cut(): Promise<void>;
}

function parse(block: string): StreamEvent {
  const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, "m").exec(block)?.[1];
  const [id, data, comment] = [field("id"), field("data"), field("")];
  return {
    ...(id !== undefined && { id }),
    ...(data !== undefined && { data }),
    ...(comment !== undefined && { comment }),
  };
}

/** Sends a request whose answer is an event stream. */
export async function openEvents(
  site: Pick<TestServer, "url">,
  request: RawRequest,
): Promise<EventStream> {
  const abort = new AbortController();
  const response = await send(site, { ...request, signal: abort.signal });
  if (!response.body) throw new Error(`The server answered ${response.status} without a body.`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffered = "";

  async function next(): Promise<StreamEvent | undefined> {
    for (;;) {
      const end = buffered.indexOf("\n\n");
      if (end >= 0) {
        const block = buffered.slice(0, end);
        buffered = buffered.slice(end + 2);
        return parse(block);
      }
      const { done, value } = await reader.read().catch((error: unknown) => {
        if (abort.signal.aborted) return { done: true, value: undefined };
        throw error;
      });
      if (done || value === undefined) return undefined;
      buffered += value;
    }
  }

  return {
    status: response.status,
    next,
    async rest() {
      const events: StreamEvent[] = [];
      for (let event = await next(); event; event = await next()) events.push(event);
      return events;
    },
    async cut() {
      abort.abort();
      await reader.cancel().catch(() => undefined);
    },
  };
}
