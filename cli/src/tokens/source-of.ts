import type { FetchLike } from "@modelcontextprotocol/client";

import type { ConnectionOptions, TokenSourceName } from "../options.ts";
import type { TokenSource } from "./token-source.ts";

/** Makes a source for a server; `send` reaches the network. */
type Make = (
  options: ConnectionOptions,
  url: URL,
  send: FetchLike,
) => TokenSource | Promise<TokenSource>;

/** Each is loaded only where it is used. */
const SOURCES: Readonly<Record<TokenSourceName, () => Promise<Make>>> = {
  oauth: async () => (await import("./oauth/oauth-tokens.ts")).oauthTokens,
  "google-auth": async () => (await import("./google/google-tokens.ts")).googleTokens,
  gcloud: async () => (await import("./google/gcloud-tokens.ts")).gcloudTokens,
  env: async () => (await import("./env-tokens.ts")).envTokens,
  none: async () => (await import("./no-tokens.ts")).noTokens,
};

/** The source that the options name. Throws `BridgeError` when it cannot work here. */
export async function sourceOf(...made: Parameters<Make>): Promise<TokenSource> {
  const [{ tokenSource }] = made;
  const make = await SOURCES[tokenSource]();
  return make(...made);
}
