import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What goes back to the caller. A value, so that a fault can bend it before it is sent. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | AsyncIterable<Uint8Array>;
}

export const NO_BODY = new Uint8Array();

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

export function html(status: number, page: string): Answer {
  return {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "cache-control": "no-store",
      // No form-action here: Chromium applies it to the redirect after the form as well.
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    },
    body: Buffer.from(page),
  };
}

export function redirect(location: string): Answer {
  return { status: 302, headers: { location, "cache-control": "no-store" }, body: NO_BODY };
}

export function noContent(): Answer {
  return { status: 204, headers: {}, body: NO_BODY };
}

export function bytesOf(body: Answer["body"]): Uint8Array {
  return body instanceof Uint8Array ? body : NO_BODY;
}

/** Errors the way GitHub's REST API words them. */
export function apiError(status: number, message: string, headers?: Record<string, string>) {
  const body = { message, documentation_url: "https://docs.github.com/rest", status: `${status}` };
  return json(status, body, headers);
}

export const notFound = (): Answer => apiError(404, "Not Found");

/** Sends an answer; a caller who leaves early is no error. */
export async function send(response: ServerResponse, answer: Answer, head: boolean): Promise<void> {
  if (response.destroyed) return;
  const { body } = answer;
  if (body instanceof Uint8Array) {
    // RFC 9110 section 8.6: a 204 has no Content-Length.
    const length = answer.status === 204 ? {} : { "content-length": String(body.byteLength) };
    response.writeHead(answer.status, { ...length, ...answer.headers });
    response.end(head ? undefined : body);
    return;
  }
  response.writeHead(answer.status, answer.headers);
  response.flushHeaders();
  await pipeline(Readable.from(body, { objectMode: true }), response).catch(() => undefined);
}
