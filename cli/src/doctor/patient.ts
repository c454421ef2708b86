import type { FetchLike } from "@modelcontextprotocol/client";

import type { ConnectionOptions } from "../options.ts";

/** The server under examination. */
export interface Patient {
  readonly url: URL;
  readonly options: ConnectionOptions;
  /** Reaches the network. */
  readonly send: FetchLike;
  /** Reaches this server, with the headers that are for it alone. */
  readonly sendToServer: FetchLike;
}

/** Milliseconds that one request may take. */
export const PATIENCE_MS = 15_000;

function withOwnHeaders(
  send: FetchLike,
  origin: string,
  own: ConnectionOptions["header"],
): FetchLike {
  return async (url, init) => {
    const headers = new Headers(init?.headers);
    const isOurs = new URL(url).origin === origin;
    for (const [name, value] of isOurs ? own : []) if (!headers.has(name)) headers.set(name, value);
    return send(url, { ...init, headers });
  };
}

export function newPatient(options: ConnectionOptions, url: URL, send: FetchLike): Patient {
  return {
    url,
    options,
    send,
    sendToServer: withOwnHeaders(send, url.origin, options.header),
  };
}
