import { request as httpRequest } from "node:http";
import { Readable } from "node:stream";

import type { TestServer } from "./server.ts";

export interface WireRequest {
  readonly path?: string;
  readonly method?: string;
  /** As they go over the wire, the same name twice included. */
  readonly headers: readonly (readonly [string, string])[];
  /** Sent piece by piece; the request ends when the pieces do. */
  readonly body?: Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * One request on a connection of its own, with what `fetch` would not send: repeated and empty
 * headers, and a body that is still arriving when the answer comes. An event stream is not read.
 */
export function sendOverWire(
  site: Pick<TestServer, "url">,
  { path = "/mcp", method = "POST", headers, body = [] }: WireRequest,
): Promise<WireAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>();
  const url = new URL(path, site.url);
  const outgoing = httpRequest(url, {
    method,
    headers: [["host", url.host], ...headers].flat(),
    agent: false,
  });
  outgoing.on("response", (incoming) => {
    const chunks: Buffer[] = [];
    const finish = () => {
      resolve({
        status: incoming.statusCode ?? 0,
        headers: new Headers(incoming.headers as Record<string, string>),
        text: Buffer.concat(chunks).toString(),
      });
      outgoing.destroy();
    };
    if (incoming.headers["content-type"] === "text/event-stream") {
      finish();
      return;
    }
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", finish);
  });
  // After the answer the server may close while the body is still on its way.
  outgoing.on("error", reject);
  Readable.from(body).pipe(outgoing);
  return promise;
}
