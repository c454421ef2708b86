import {
  discoverOAuthServerInfo,
  type FetchLike,
  type OAuthServerInfo,
} from "@modelcontextprotocol/client";

import { BridgeError } from "../../bridge-error.ts";
import { isSecure } from "./oauth-fetch.ts";

/**
 * Finds a server's authorization server (RFC 9728, RFC 8414). Throws `BridgeError` when one of its
 * endpoints is an address that nothing may be sent to, or that no browser may be shown.
 */
export async function discover(
  server: URL,
  resourceMetadataUrl: URL | undefined,
  fetchFn: FetchLike,
): Promise<OAuthServerInfo> {
  const found = await discoverOAuthServerInfo(server, {
    fetchFn,
    ...(resourceMetadataUrl && { resourceMetadataUrl }),
  });
  const { authorizationServerUrl, authorizationServerMetadata: metadata } = found;
  const endpoints = [
    authorizationServerUrl,
    metadata?.authorization_endpoint,
    metadata?.token_endpoint,
    metadata?.registration_endpoint,
  ];
  for (const endpoint of endpoints) {
    if (endpoint === undefined) continue;
    if (URL.canParse(endpoint) && isSecure(new URL(endpoint), server)) continue;
    throw new BridgeError("An OAuth endpoint of the server is not an https address.", {
      advice: "Nothing was opened. Ask the server's operator before you try again.",
    });
  }
  return found;
}

/** The identifier of an authorization server: what credentials are bound to (RFC 8414, section 2). */
export function issuerOf({
  authorizationServerUrl,
  authorizationServerMetadata,
}: OAuthServerInfo): string {
  return authorizationServerMetadata?.issuer ?? authorizationServerUrl;
}
