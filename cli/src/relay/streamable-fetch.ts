import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import { BackOff } from "../http/back-off.ts";
import { log } from "../output/log.ts";
import type { ConnectionEvents } from "./connection.ts";
import { isEventStream, paced } from "./event-stream.ts";
import { currentExchange, type Exchange } from "./exchange.ts";
import { isRequest } from "./json-rpc.ts";

/** A standing stream that lasted so long, in milliseconds, was a good one: the next may come at once. */
const LASTED = 5000;

/** How long a broken stream of a request is tried to be resumed, in milliseconds. */
const RESUMING = 60_000;

/** On this answer the SDK gives up a stream without a word. */
const noStream = (): Response => new Response(null, { status: 405 });

/** Troubles that pass: the server is busy, or starts. */
const isPassing = (status: number): boolean => status === 429 || status >= 500;

/**
 * What the SDK's transport for Streamable HTTP leaves to be done around `fetch`. It opens the standing
 * stream once only, and gives up on it or tries for ever; it resumes a request's stream for ever, and
 * forgets from where after one that brought nothing.
 */
export class StreamableFetch {
  readonly #send: FetchLike;
  readonly #events: Pick<ConnectionEvents, "lost" | "ready">;
  readonly #retired = new AbortController();
  readonly #standing = new BackOff();
  #standingSince = 0;

  constructor(send: FetchLike, events: Pick<ConnectionEvents, "lost" | "ready">) {
    this.#send = send;
    this.#events = events;
  }

  readonly fetch: FetchLike = async (url, init) => {
    const exchange = currentExchange.getStore();
    const headers = new Headers(init?.headers);
    if (init?.method === "GET") {
      return exchange && isRequest(exchange.message)
        ? this.#resume(exchange, url, { ...init, headers })
        : this.#stand(url, { ...init, headers });
    }
    const response = await this.#send(url, init);
    if (exchange && init?.method === "POST") {
      exchange.status = response.status;
      exchange.streaming = response.ok && isEventStream(response);
    }
    return paced(response, this.#events.ready);
  };

  /** From here on, no stream is opened. */
  retire(): void {
    this.#retired.abort();
  }

  /** The session is gone, as an answer to a stream says. */
  #lost(): void {
    if (!this.#retired.signal.aborted) this.#events.lost();
  }

  /** The standing stream: tried for as long as the bridge runs, unless the server has none. */
  async #stand(url: string | URL, init: RequestInit & { headers: Headers }): Promise<Response> {
    const signals = [this.#retired.signal, ...(init.signal ? [init.signal] : [])];
    const signal = AbortSignal.any(signals);
    if (Date.now() - this.#standingSince > LASTED) this.#standing.reset();
    else await this.#standing.wait(signal).catch(() => undefined);
    while (!signal.aborted) {
      const response = await this.#send(url, { ...init, signal }).catch(() => undefined);
      if (response?.ok) {
        this.#standingSince = Date.now();
        return paced(response, this.#events.ready);
      }
      await response?.body?.cancel();
      if (response?.status === 404 && init.headers.has("mcp-session-id")) this.#lost();
      if (response && !isPassing(response.status)) return noStream();
      log("debug", "The server's stream cannot be opened.", { status: response?.status });
      await this.#standing.wait(signal).catch(() => undefined);
    }
    return noStream();
  }

  /** The stream of a request, from its last event on. */
  async #resume(
    exchange: Exchange,
    url: string | URL,
    init: RequestInit & { headers: Headers },
  ): Promise<Response> {
    if (exchange.lastEventId !== undefined) init.headers.set("last-event-id", exchange.lastEventId);
    const signal = init.signal ?? undefined;
    const backOff = new BackOff();
    const end = Date.now() + RESUMING;
    while (!this.#retired.signal.aborted) {
      const response = await this.#send(url, init).catch((error: unknown) => {
        log("debug", "A stream cannot be resumed yet.", { error: String(error) });
      });
      signal?.throwIfAborted();
      if (response?.ok) return paced(response, this.#events.ready);
      await response?.body?.cancel();
      if (response?.status === 404 && init.headers.has("mcp-session-id")) this.#lost();
      if ((response && !isPassing(response.status)) || Date.now() > end) break;
      await backOff.wait(signal);
    }
    exchange.fail(streamEnded());
    return noStream();
  }
}

/** A request's stream ended for good before its answer. */
export function streamEnded(): BridgeError {
  return new BridgeError("The server's answer broke off.", {
    advice:
      "The request may have been carried out and was not sent again: check before you repeat it.",
  });
}
