import type { FetchLike } from "@modelcontextprotocol/client";

import type { ConnectionOptions } from "../options.ts";
import { keepSecret } from "../output/redact.ts";

/** Adds what `--header` gives to each request. Only for requests to the server itself. */
export function withHeaders(send: FetchLike, added: ConnectionOptions["header"]): FetchLike {
  if (added.length === 0) return send;
  // Any word of a value may be a secret, as in `Authorization: Bearer …`.
  for (const [, value] of added) for (const word of value.split(/\s+/)) keepSecret(word);
  return (url, init) => {
    const headers = new Headers(init?.headers);
    for (const [name, value] of added) headers.set(name, value);
    return send(url, { ...init, headers });
  };
}
