import type { FetchLike } from "@modelcontextprotocol/client";

import { withHeaders } from "../http/with-headers.ts";
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

export function newPatient(options: ConnectionOptions, url: URL, send: FetchLike): Patient {
  return { url, options, send, sendToServer: withHeaders(send, options.header) };
}
