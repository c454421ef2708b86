import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError, explain } from "../bridge-error.ts";
import { BackOff } from "../http/back-off.ts";
import { NetworkError } from "../http/network-failure.ts";
import { log } from "../output/log.ts";
import type { ConnectionEvents } from "./connection.ts";
import { isEventStream, paced } from "./event-stream.ts";
import { currentExchange, type Exchange } from "./exchange.ts";
import { isRequest } from "./json-rpc.ts";

/** A standing stream that lasted so long, in milliseconds, was a good one: the next may come at once. */
const LASTED = 5000;

/** How long a broken stream of a request is tried to be resumed, in milliseconds. */
const RESUMING = 60_000;

/** On this answer the SDK gives up a stream, and says so where a request waits for it. */
const noStream = (): Response => new Response(null, { status: 405 });

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
  #standingSince: number | undefined;

  constructor(send: FetchLike, events: Pick<ConnectionEvents, "lost" | "ready">) {
    this.#send = send;
    this.#events = events;
  }

  readonly fetch: FetchLike = async (url, init) => {
    const exchange = currentExchange.getStore();
    if (init?.method === "GET") {
      const headers = new Headers(init.headers);
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

  /**
   * Asks once; undefined for troubles that pass: a network that fails, a server that is busy or starts.
   * Throws when the token is refused.
   */
  async #open(url: string | URL, init: RequestInit): Promise<Response | undefined> {
    try {
      const response = await this.#send(url, init);
      if (response.ok) return paced(response, this.#events.ready);
      await response.body?.cancel();
      if (response.status !== 429 && response.status < 500) return response;
      log("debug", "A stream cannot be opened yet.", { status: response.status });
    } catch (error) {
      init.signal?.throwIfAborted();
      if (!(error instanceof NetworkError)) throw error;
      log("debug", `A stream cannot be opened yet. ${error.message}`);
    }
    return undefined;
  }

  /** The standing stream: tried for as long as the bridge runs, unless the server has none. */
  async #stand(url: string | URL, init: RequestInit & { headers: Headers }): Promise<Response> {
    const signals = [this.#retired.signal, ...(init.signal ? [init.signal] : [])];
    const signal = AbortSignal.any(signals);
    const hadOne = this.#standingSince !== undefined;
    try {
      if (Date.now() - (this.#standingSince ?? 0) > LASTED) this.#standing.reset();
      else await this.#standing.wait(signal);
      for (;;) {
        const response = await this.#open(url, { ...init, signal });
        if (response?.ok) {
          this.#standingSince = Date.now();
          return response;
        }
        // A server that never had a stream may say 404 for that.
        if (response?.status === 404 && hadOne) this.#events.lost();
        if (response) return noStream();
        await this.#standing.wait(signal);
      }
    } catch (error) {
      if (!signal.aborted) log("warn", `The server's own messages are missed. ${explain(error)}`);
      return noStream();
    }
  }

  /** The stream of a request, from its last event on. */
  async #resume(
    exchange: Exchange,
    url: string | URL,
    init: RequestInit & { headers: Headers },
  ): Promise<Response> {
    if (exchange.lastEventId !== undefined) init.headers.set("last-event-id", exchange.lastEventId);
    const backOff = new BackOff();
    const end = Date.now() + RESUMING;
    try {
      while (!this.#retired.signal.aborted && Date.now() < end) {
        const response = await this.#open(url, init);
        if (response?.ok) return response;
        if (response) break;
        await backOff.wait(init.signal ?? undefined);
      }
    } catch (error) {
      if (error instanceof BridgeError) exchange.fail(error);
    }
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
