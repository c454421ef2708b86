import {
  auth,
  type FetchLike,
  type OAuthClientProvider,
  type OAuthServerInfo,
} from "@modelcontextprotocol/client";

import { BridgeError } from "../../bridge-error.ts";
import type { ConnectionOptions } from "../../options.ts";
import { issuerOf } from "./discover.ts";
import type { KeptClient } from "./sign-in-record.ts";

/** A page to open, and what redeems the code that comes of it. */
export interface AuthorizationRequest {
  readonly page: URL;
  readonly client: KeptClient;
  /** For PKCE (RFC 7636). */
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly resource: string | undefined;
}

export interface RequestFor {
  readonly server: URL;
  readonly options: ConnectionOptions;
  readonly found: OAuthServerInfo;
  /** The client of an earlier sign-in, if it may be used again. */
  readonly client: KeptClient | undefined;
  readonly redirectUri: string;
  readonly state: string;
  readonly scope: string | undefined;
}

/**
 * Makes an authorization request with the SDK's flow: it selects the resource and the scopes, and
 * takes the client's metadata document or registers a client where there is none yet.
 */
export async function authorizationRequest(
  request: RequestFor,
  fetchFn: FetchLike,
): Promise<AuthorizationRequest> {
  const { options, found, redirectUri } = request;
  const made: { page?: URL; codeVerifier?: string; resource?: string; client?: KeptClient } = {
    ...(request.client && { client: request.client }),
  };
  const provider: OAuthClientProvider = {
    redirectUrl: redirectUri,
    clientMetadata: clientMetadata(redirectUri, found),
    ...(options.clientMetadataUrl && { clientMetadataUrl: options.clientMetadataUrl }),
    ...(options.resource && { validateResourceURL: async () => new URL(options.resource ?? "") }),
    state: () => request.state,
    discoveryState: () => found,
    clientInformation: () => made.client,
    saveClientInformation: (information) => {
      made.client = {
        ...information,
        issuer: issuerOf(found),
        registered: information.client_id !== options.clientMetadataUrl,
        redirect_uris: [redirectUri],
      };
    },
    tokens: () => undefined,
    saveTokens: () => undefined,
    saveResourceUrl: (resource) => void (made.resource = resource),
    saveCodeVerifier: (codeVerifier) => void (made.codeVerifier = codeVerifier),
    codeVerifier: () => made.codeVerifier ?? "",
    redirectToAuthorization: (page) => void (made.page = page),
  };
  await auth(provider, {
    serverUrl: request.server,
    fetchFn,
    forceReauthorization: true,
    ...(request.scope && { scope: request.scope }),
  });
  const { page, client, codeVerifier, resource } = made;
  if (!page || !client || codeVerifier === undefined)
    throw new BridgeError("No page to sign in at.");
  // To the letter: a URL object adds a slash to a bare origin.
  if (options.resource !== undefined) page.searchParams.set("resource", options.resource);
  return { page, client, codeVerifier, redirectUri, resource: options.resource ?? resource };
}

/** What a registration says of the bridge (RFC 7591, section 2). */
function clientMetadata(redirectUri: string, { authorizationServerMetadata }: OAuthServerInfo) {
  const methods = authorizationServerMetadata?.token_endpoint_auth_methods_supported;
  const isPublic = !methods || methods.includes("none");
  return {
    client_name: "mcp-bridge",
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token"],
    response_types: ["code"],
    // A program on a person's machine keeps no secret; where the server insists, it chooses how.
    ...(isPublic && { token_endpoint_auth_method: "none" }),
  };
}
