import { StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";

import { log } from "../output/log.ts";
import { type Connection, type ConnectionSetup, SessionLost } from "./connection.ts";
import { currentExchange, type Exchange } from "./exchange.ts";
import { rpcErrorIn } from "./http-failure.ts";
import { isRequest } from "./json-rpc.ts";
import { StreamableFetch, streamEnded } from "./streamable-fetch.ts";

/** `StreamableFetch` decides when to give up; until then the transport goes on, at its own pace. */
const RECONNECTING = {
  initialReconnectionDelay: 1000,
  maxReconnectionDelay: 30_000,
  reconnectionDelayGrowFactor: 1.5,
  maxRetries: Number.POSITIVE_INFINITY,
};

/**
 * Whether a refusal says that the session is unknown. 404 does (MCP 2025-03-26 and later, session
 * management); many servers answer 400 and speak of the session.
 */
function saysSessionLost({ status }: Exchange, error: unknown): boolean {
  if (status === 404) return true;
  return status === 400 && /session/i.test(rpcErrorIn(error)?.message ?? "");
}

/** Streamable HTTP, by the SDK's transport. */
export function streamableConnection({ url, fetch, events }: ConnectionSetup): Connection {
  const streams = new StreamableFetch(fetch, events);
  const transport = new StreamableHTTPClientTransport(url, {
    fetch: streams.fetch,
    reconnectionOptions: RECONNECTING,
    redirectPolicy: "same-origin",
  });
  Object.assign<Transport, Partial<Transport>>(transport, {
    onmessage: (message) => events.message(message),
    onerror: (error) => log("debug", "The transport reports:", { error: error.message }),
  });
  const started = transport.start();

  return {
    async send(exchange, headers = {}) {
      await started;
      const { message, abort } = exchange;
      const inSession = transport.sessionId !== undefined;
      try {
        await currentExchange.run(exchange, () =>
          transport.send(message, {
            headers,
            requestSignal: abort.signal,
            onresumptiontoken: (id) => {
              exchange.lastEventId = id;
            },
            onRequestStreamEnd: () => {
              if (!exchange.isSettled) exchange.fail(streamEnded());
            },
          }),
        );
      } catch (error) {
        if (inSession && saysSessionLost(exchange, error)) throw new SessionLost();
        throw error;
      }
      if (isRequest(message) && !exchange.streaming && !exchange.isSettled)
        exchange.fail(streamEnded());
    },
    setProtocolVersion: (version) => transport.setProtocolVersion(version),
    retire: () => streams.retire(),
    terminate: () => transport.terminateSession(),
    close: () => transport.close(),
  };
}
