import * as oauth from "oauth4webapi";

import type { TestServer } from "../server.ts";
import { allow, REDIRECT_URI } from "../sign-in.ts";

/** The one thing that is relaxed: loopback has no TLS. */
const OVER_HTTP = { [oauth.allowInsecureRequests]: true };

/** The scope without which nothing is answered. */
const SCOPE = "mcp:tools";

const MCP_HEADERS = {
  accept: "application/json, text/event-stream",
  "content-type": "application/json",
};

/**
 * An OAuth client that refuses what is not to the letter. All its checks are oauth4webapi's: of the
 * metadata (RFC 9728, RFC 8414), the registration (RFC 7591), the callback and its issuer (RFC 9207),
 * tokens, challenges, revocation (RFC 7009). What MCP adds is here: resource indicators (RFC 8707).
 */
export class StrictClient {
  /** How often the person was sent to the server. */
  signIns = 0;
  readonly #resource: URL;
  readonly #server: oauth.AuthorizationServer;
  readonly #client: oauth.Client;
  #tokens: oauth.TokenEndpointResponse | undefined;

  private constructor(resource: URL, server: oauth.AuthorizationServer, client: oauth.Client) {
    this.#resource = resource;
    this.#server = server;
    this.#client = client;
  }

  /** Finds out who lets people into this resource, and registers there. */
  static async of(resource: URL): Promise<StrictClient> {
    const { authorization_servers: [issuer] = [] } = await oauth.processResourceDiscoveryResponse(
      resource,
      await fetch(await metadataAddress(resource)),
    );
    if (issuer === undefined) throw new Error("The resource names no authorization server.");
    const server = await oauth.processDiscoveryResponse(
      new URL(issuer),
      await oauth.discoveryRequest(new URL(issuer), { ...OVER_HTTP, algorithm: "oauth2" }),
    );
    const metadata = {
      client_name: "Strict client",
      redirect_uris: [REDIRECT_URI],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      scope: SCOPE,
    };
    const client = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(server, metadata, OVER_HTTP),
    );
    return new StrictClient(resource, server, client);
  }

  async signIn(site: Pick<TestServer, "url" | "github">, login: string): Promise<void> {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const page = new URL(this.#server.authorization_endpoint ?? "");
    page.search = new URLSearchParams({
      response_type: "code",
      client_id: this.#client.client_id,
      redirect_uri: REDIRECT_URI,
      scope: SCOPE,
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      resource: this.#resource.href,
    }).toString();
    this.signIns += 1;
    const back = await allow(site, page.href, { login });
    const response = await oauth.authorizationCodeGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      oauth.validateAuthResponse(this.#server, this.#client, back, state),
      REDIRECT_URI,
      verifier,
      this.#atResource(),
    );
    this.#tokens = await oauth.processAuthorizationCodeResponse(
      this.#server,
      this.#client,
      response,
    );
  }

  /** Asks the resource. Renews the token first if it is told that the token has ended. */
  async post(message: object, headers: Record<string, string>): Promise<Response> {
    try {
      return await this.#post(message, headers);
    } catch (error) {
      if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error;
      if (error.cause[0]?.parameters.error !== "invalid_token") throw error;
      await this.refresh();
      return this.#post(message, headers);
    }
  }

  #post(message: object, headers: Record<string, string>): Promise<Response> {
    return oauth.protectedResourceRequest(
      this.#tokens?.access_token ?? "",
      "POST",
      this.#resource,
      new Headers({ ...MCP_HEADERS, ...headers }),
      JSON.stringify(message),
      OVER_HTTP,
    );
  }

  async refresh(): Promise<void> {
    const response = await oauth.refreshTokenGrantRequest(
      this.#server,
      this.#client,
      oauth.None(),
      this.#tokens?.refresh_token ?? "",
      this.#atResource(),
    );
    this.#tokens = await oauth.processRefreshTokenResponse(this.#server, this.#client, response);
  }

  /** Ends the grant. */
  async revoke(): Promise<void> {
    const token = this.#tokens?.refresh_token ?? "";
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(this.#server, this.#client, oauth.None(), token, OVER_HTTP),
    );
  }

  #atResource() {
    return { ...OVER_HTTP, additionalParameters: { resource: this.#resource.href } };
  }
}

/** Where the resource says, when it turns somebody away, that its metadata is (RFC 9728, section 5.1). */
async function metadataAddress(resource: URL): Promise<string> {
  try {
    await oauth.protectedResourceRequest("unknown", "POST", resource, undefined, "", OVER_HTTP);
  } catch (error) {
    if (!(error instanceof oauth.WWWAuthenticateChallengeError)) throw error;
    const address = error.cause[0]?.parameters.resource_metadata;
    if (address !== undefined) return address;
  }
  throw new Error("The resource does not say where its metadata is.");
}
