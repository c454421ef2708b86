import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

import type { Message } from "./start-bridge.ts";

/** A request as the server got it. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** The message that was posted. */
  readonly message: Message | undefined;
}

/** One request, and the ways to answer it. */
export interface Call extends Seen {
  readonly response: ServerResponse;
  json(message: unknown, headers?: Record<string, string>): void;
  result(result: unknown, headers?: Record<string, string>): void;
  status(code: number, body?: string): void;
  /** Begins a stream of events. */
  stream(headers?: Record<string, string>): void;
  /** Sends a message over the stream. */
  event(message: unknown, fields?: { id?: string; retry?: number; event?: string }): void;
  /** Breaks the connection off, without an end. */
  reset(): void;
}

export type Handler = (call: Call) => void | Promise<void>;

export interface FixtureServer {
  readonly url: string;
  readonly port: number;
  /** All requests, in the order in which they came. */
  readonly seen: readonly Seen[];
  /** How often a method was posted. */
  count(method: string): number;
  /** Resolves with the first request, of those that came and those that will, that fits. */
  arrived(fits: (seen: Seen) => boolean): Promise<Seen>;
  close(): Promise<void>;
}

function callOf(request: IncomingMessage, response: ServerResponse, body: string): Call {
  const call: Call = {
    method: request.method!,
    path: request.url!,
    headers: request.headers,
    message: body === "" ? undefined : JSON.parse(body),
    response,
    json(message, headers = {}) {
      response.writeHead(200, { "content-type": "application/json", ...headers });
      response.end(JSON.stringify(message));
    },
    result: (result, headers) =>
      call.json({ jsonrpc: "2.0", id: call.message?.id, result }, headers),
    status: (code, text = "") => void response.writeHead(code).end(text),
    stream(headers = {}) {
      response.writeHead(200, { "content-type": "text/event-stream", ...headers });
      response.flushHeaders();
    },
    event(message, { id, retry, event } = {}) {
      const data = typeof message === "string" ? message : JSON.stringify(message);
      const fields = { event, id, retry, data };
      for (const [name, value] of Object.entries(fields))
        if (value !== undefined) response.write(`${name}: ${value}\n`);
      response.write("\n");
    },
    reset: () => void request.socket.destroy(),
  };
  return call;
}

/** An HTTP server on a loopback port that answers exactly as a test says. */
export async function startFixture(
  handle: Handler,
  { port = 0, tls }: { port?: number; tls?: { key: string; cert: string } } = {},
): Promise<FixtureServer> {
  const seen: Seen[] = [];
  const waiting = new Set<() => void>();
  const onRequest = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("error", () => undefined);
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const call = callOf(request, response, Buffer.concat(chunks).toString());
    seen.push(call);
    for (const look of waiting) look();
    await handle(call);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) =>
    void onRequest(request, response).catch((error: unknown) => response.destroy(error as Error));
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const { port: bound } = server.address() as AddressInfo;

  return {
    port: bound,
    url: `${tls ? "https" : "http"}://127.0.0.1:${bound}/mcp`,
    seen,
    count: (method) => seen.filter(({ message }) => message?.method === method).length,
    arrived: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = seen.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
