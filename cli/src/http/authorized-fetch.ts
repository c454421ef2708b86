import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import type { TokenSource } from "../tokens/token-source.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

/** A token was refused, and so was the one that took its place. */
class TokenRefused extends BridgeError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, advice: string) {
    super(`The server refused a renewed token too (HTTP ${refusal.status}).`, { advice });
    this.refusal = refusal;
  }
}

function withToken(init: RequestInit | undefined, token: string | undefined): RequestInit {
  const headers = new Headers(init?.headers);
  if (token !== undefined) headers.set("authorization", `Bearer ${token}`);
  return { ...init, headers };
}

/**
 * Sends requests under a source's token. What was refused was not carried out, so the source is asked
 * for another token and the request is sent once more: once for a 401, once for a 403. Throws
 * {@link TokenRefused} when that does not help.
 */
export function authorizedFetch(source: TokenSource, send: FetchLike): FetchLike {
  return async (url, init) => {
    const signal = init?.signal ?? undefined;
    const seen = new Set<number>();
    for (;;) {
      const token = await source.token(signal);
      const response = await send(url, withToken(init, token));
      const refusal = refusalOf(response, token);
      if (!refusal || !source.concerns(refusal)) return response;
      await response.body?.cancel();
      if (seen.has(refusal.status)) throw new TokenRefused(refusal, source.advice(refusal));
      seen.add(refusal.status);
      await source.refused(refusal, signal);
    }
  };
}
