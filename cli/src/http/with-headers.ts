import type { FetchLike } from "@modelcontextprotocol/client";

import type { ConnectionOptions } from "../options.ts";
import { keepSecret } from "../output/redact.ts";

/** Adds what `--header` gives to each request. Only for requests to the server itself. */
export function withHeaders(send: FetchLike, added: ConnectionOptions["header"]): FetchLike {
  if (added.length === 0) return send;
  for (const [, value] of added) {
    keepSecret(value);
    keepSecret(value.replace(/^\S+\s+/, ""));
  }
  return (url, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of added) headers.set(name, value);
    return send(url, { ...init, headers });
  };
}
