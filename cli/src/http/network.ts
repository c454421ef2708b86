import { readFile } from "node:fs/promises";

import type { FetchLike } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import type { ConnectionOptions } from "../options.ts";
import { namedExceptions } from "./proxied.ts";

const PROXY_VARIABLES = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"] as const;

/**
 * What goes without the proxy: what `NO_PROXY` says, and this machine, always. Plain http is allowed to
 * this machine because nobody is on the way.
 */
function direct(): string {
  const named = namedExceptions();
  if (named?.trim() === "*") return "*";
  return [named, "localhost", "127.0.0.1", "[::1]"].filter(Boolean).join(",");
}

async function certificates(file: string): Promise<string> {
  const pem = await readFile(file, "utf8").catch((error: unknown) => {
    throw new BridgeError(`The file of --ca cannot be read: ${file}.`, {
      advice: "Give the path of a file in PEM that you may read.",
      cause: error,
    });
  });
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new BridgeError(`The file of --ca holds no certificate: ${file}.`, {
      advice: "Give a file in PEM: it has a line with BEGIN CERTIFICATE.",
    });
  }
  return pem;
}

/**
 * `fetch` by the proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name, and with the certificate
 * authorities of `--ca` beside those that Node trusts. Where none is set, it is Node's own. Throws
 * `BridgeError` for a file that holds no certificate.
 */
export async function networkFetch({ ca }: Pick<ConnectionOptions, "ca">): Promise<FetchLike> {
  const proxied = PROXY_VARIABLES.some((name) => process.env[name]);
  if (ca === undefined && !proxied) return fetch;
  const more = ca === undefined ? undefined : await certificates(ca);
  const [{ EnvHttpProxyAgent, fetch: undiciFetch }, { trustedAuthorities }] = await Promise.all([
    import("undici"),
    import("./trusted-authorities.ts"),
  ]);
  const trust = more === undefined ? {} : { ca: [...trustedAuthorities(), more] };
  const dispatcher = new EnvHttpProxyAgent({
    noProxy: direct(),
    connect: trust,
    requestTls: trust,
    proxyTls: trust,
  });
  // Node's types and undici's describe the same objects, in different versions.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const send = undiciFetch as unknown as (
    url: string | URL,
    init: Omit<RequestInit, "dispatcher"> & { dispatcher: unknown },
  ) => Promise<Response>;
  return (url, init) => send(url, { ...init, dispatcher });
}
