import { SSEClientTransport, SseError, type Transport } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import { log } from "../output/log.ts";
import { type Connection, type ConnectionSetup, SessionLost } from "./connection.ts";
import { paced } from "./event-stream.ts";
import { currentExchange, type Exchange } from "./exchange.ts";
import { isRequest, isResponse, type RpcId } from "./json-rpc.ts";
import { streamEnded } from "./streamable-fetch.ts";

/** How long a server may take to say where messages go, in milliseconds. */
const OPENING = 10_000;

/** Waits for the stream, and for the endpoint that it names first. */
async function opened(transport: SSEClientTransport): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("No endpoint was named.")), OPENING);
  });
  try {
    await Promise.race([transport.start(), late]);
  } catch (error) {
    await transport.close();
    throw new BridgeError("The server opened no stream of the transport of MCP 2024-11-05.", {
      advice: "Check the path of --url, or use --transport http.",
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The transport of MCP 2024-11-05, by the SDK. One stream brings all answers, and it is the session: when
 * it breaks, what was asked stays unanswered. Throws `BridgeError` when the server opens none.
 */
export async function sseConnection({ url, fetch, events }: ConnectionSetup): Promise<Connection> {
  const asked = new Map<RpcId, Exchange>();
  let over = false;
  /** Why the stream could not be asked for: the SDK keeps that to itself. */
  let unsent: unknown;
  const transport = new SSEClientTransport(url, {
    redirectPolicy: "same-origin",
    fetch: async (...request) => {
      const response = await fetch(...request).catch((error: unknown) => {
        unsent = error;
        throw error;
      });
      const exchange = currentExchange.getStore();
      if (exchange && request[1]?.method === "POST") exchange.status = response.status;
      return paced(response, events.ready);
    },
  });
  const end = (): void => {
    if (over) return;
    over = true;
    for (const exchange of asked.values()) exchange.fail(streamEnded());
    // The SDK would open another stream by itself, and with it a session that nobody initialised.
    void transport.close();
  };
  await opened(transport).catch((error: unknown) => {
    throw unsent ?? error;
  });
  Object.assign<Transport, Partial<Transport>>(transport, {
    onmessage(message) {
      if (isResponse(message) && message.id !== undefined) asked.delete(message.id);
      events.message(message);
    },
    onerror(error) {
      if (!(error instanceof SseError) || over) return;
      log("debug", "The server's stream broke.", { error: error.message });
      end();
      events.lost();
    },
  });

  return {
    async send(exchange) {
      if (over) throw new SessionLost();
      const { message } = exchange;
      if (isRequest(message)) asked.set(message.id, exchange);
      try {
        await currentExchange.run(exchange, () => transport.send(message));
      } catch (error) {
        if (isRequest(message)) asked.delete(message.id);
        if (exchange.status === 404) throw new SessionLost();
        throw error;
      }
      exchange.streaming = true;
    },
    setProtocolVersion: (version) => transport.setProtocolVersion(version),
    retire: end,
    terminate: async () => undefined,
    close: async () => end(),
  };
}
