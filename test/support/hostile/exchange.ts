import { request as httpRequest } from "node:http";

import { HANG_MS } from "../hang.ts";
import type { Header } from "./odd-headers.ts";

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly method: string;
  /** The request target, byte for byte: a path with its query, or what poses as one. */
  readonly target: string;
  readonly headers: readonly Header[];
  readonly body: Buffer;
  /** Reads no further than the headers of an event stream that would go on. */
  readonly mayStream: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body: string;
  /** Whether the body is all there, or only what came before we left an event stream. */
  readonly isWhole: boolean;
}

/**
 * Sends what `fetch` would refuse to send: repeated and internal headers, bodies on any method, odd
 * targets. Each request has a connection of its own, so that a fault belongs to one request.
 * Throws when no answer comes, or not in time.
 */
export function exchange(origin: string, wire: WireRequest): Promise<Answer> {
  const { hostname, port } = new URL(origin);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = httpRequest({
    agent: false,
    // A redirect repeats its target, however long.
    maxHeaderSize: 1024 * 1024,
    hostname,
    port,
    method: wire.method,
    path: wire.target,
    headers: wire.headers.flat(),
  });
  const late = setTimeout(() => {
    reject(new Error(`no whole answer within ${HANG_MS / 1000} s`));
    outgoing.destroy();
  }, HANG_MS);
  outgoing.once("upgrade", ({ statusCode = 0 }, socket) => {
    socket.destroy();
    resolve({ status: statusCode, headers: [], body: "", isWhole: true });
  });
  outgoing.once("error", (error) => reject(new Error(`no answer: ${error.message}`)));
  outgoing.once("response", (incoming) => {
    const { statusCode: status = 0 } = incoming;
    const headers = pairsOf(incoming.rawHeaders);
    const type = incoming.headers["content-type"] ?? "";
    if (wire.mayStream && status === 200 && type.startsWith("text/event-stream")) {
      resolve({ status, headers, body: "", isWhole: false });
      outgoing.destroy();
      return;
    }
    let body = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (chunk: string) => (body += chunk));
    incoming.once("end", () => resolve({ status, headers, body, isWhole: true }));
    incoming.once("error", (error) => reject(new Error(`a broken answer: ${error.message}`)));
  });
  outgoing.end(wire.body);
  return promise.finally(() => clearTimeout(late));
}

function pairsOf(raw: readonly string[]): Header[] {
  return Array.from({ length: raw.length / 2 }, (_, index): Header => {
    return [(raw[2 * index] ?? "").toLowerCase(), raw[2 * index + 1] ?? ""];
  });
}

export function headerOf({ headers }: Answer, name: string): string | undefined {
  return headers.find(([other]) => other === name)?.[1];
}
