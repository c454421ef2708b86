import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../../bridge-error.ts";
import { isLoopback } from "../../target.ts";

const TIMEOUT_MS = 30_000;

/** Metadata, registrations and tokens are a few kilobytes. */
const MAX_BYTES = 1024 * 1024;

/** Statuses that have no body (Fetch, section 2.2.3). */
const NULL_BODY = new Set([101, 204, 205, 304]);

/**
 * Whether credentials may go there: over https, or over http to this machine, if the server is on it
 * too. A server elsewhere has no business with what listens here.
 */
export function isSecure(url: URL, server: URL): boolean {
  return (
    url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url) && isLoopback(server))
  );
}

/**
 * Reaches authorization servers: securely, in time, and for small answers. What carries credentials
 * (POST) follows no redirect. Rejects with `BridgeError`, or as `send` does.
 */
export function oauthFetch(send: FetchLike, server: URL, signal: AbortSignal): FetchLike {
  return async (target, init) => {
    const url = new URL(target);
    if (!isSecure(url, server)) {
      throw new BridgeError("The sign-in leads to an address that is not https.", {
        advice: "Ask the server's operator: every OAuth endpoint has to be https.",
      });
    }
    const response = await send(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    if (init?.method === "POST" && response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new BridgeError(
        "The authorization server redirects a request that carries credentials.",
        {
          advice: "Ask its operator: the endpoints in its metadata have to be the final ones.",
        },
      );
    }
    return whole(response);
  };
}

/** The same answer, read: no longer than {@link MAX_BYTES}. */
async function whole(response: Response): Promise<Response> {
  const { status, headers } = response;
  if (NULL_BODY.has(status)) return new Response(null, { status, headers });
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > MAX_BYTES)
      throw new BridgeError("The authorization server's answer is too long.", {
        advice: "Ask its operator: the bridge reads at most 1 MiB.",
      });
    parts.push(part);
  }
  return new Response(Buffer.concat(parts), { status, headers });
}
