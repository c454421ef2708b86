import { BridgeError } from "./bridge-error.ts";

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.has(hostname) || hostname.endsWith(".localhost");
}

/**
 * The server's address, once it is one that a token may be sent to: https, or http to this machine.
 * Throws `BridgeError` for all else, and for plain http to another machine unless that is allowed.
 */
export function targetUrl(text: string, { allowHttp }: { allowHttp: boolean }): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:") {
    throw new BridgeError("--url is not an address.", {
      advice: "Give the server's whole address, as in --url https://host/mcp.",
    });
  }
  if (url.username || url.password) {
    throw new BridgeError("--url holds a name or a password.", {
      advice: "Leave them out of the address: they would end up in logs.",
    });
  }
  if (url.protocol === "http:" && !isLoopback(url) && !allowHttp) {
    throw new BridgeError("Over plain http, anybody on the way reads the token.", {
      advice: "Use https, or add --allow-http on a network that you trust.",
    });
  }
  return url;
}
