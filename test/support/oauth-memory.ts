import { randomUUID } from "node:crypto";

import type {
  OAuthClientProvider,
  OAuthDiscoveryState,
} from "@modelcontextprotocol/sdk/client/auth.js";
import type {
  OAuthClientInformationMixed,
  OAuthTokens,
} from "@modelcontextprotocol/sdk/shared/auth.js";

import { REDIRECT_URI } from "./sign-in.ts";

/** What a client program keeps of its sign-in. It fits the providers of both SDK generations. */
export class OAuthMemory implements OAuthClientProvider {
  /** Every page that the client wanted to open in the person's browser. */
  readonly opened: URL[] = [];
  readonly redirectUrl = REDIRECT_URI;
  readonly clientMetadata;
  #information: OAuthClientInformationMixed | undefined;
  #tokens: OAuthTokens | undefined;
  #discovery: OAuthDiscoveryState | undefined;
  #verifier = "";
  #state = "";

  constructor(clientName: string) {
    this.clientMetadata = {
      client_name: clientName,
      redirect_uris: [REDIRECT_URI],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
    };
  }

  state(): string {
    this.#state = randomUUID();
    return this.#state;
  }

  clientInformation() {
    return this.#information;
  }

  saveClientInformation(information: OAuthClientInformationMixed): void {
    this.#information = information;
  }

  tokens() {
    return this.#tokens;
  }

  saveTokens(tokens: OAuthTokens): void {
    this.#tokens = tokens;
  }

  redirectToAuthorization(url: URL): void {
    this.opened.push(url);
  }

  saveCodeVerifier(verifier: string): void {
    this.#verifier = verifier;
  }

  codeVerifier(): string {
    return this.#verifier;
  }

  saveDiscoveryState(state: OAuthDiscoveryState): void {
    this.#discovery = state;
  }

  discoveryState() {
    return this.#discovery;
  }

  /** As a client must check it before it spends the code. */
  expectsState(state: string | null): boolean {
    return this.#state !== "" && state === this.#state;
  }

  /** Leaves the client with an access token that the server does not know. */
  spoilAccessToken(): void {
    if (!this.#tokens) throw new Error("Nobody has signed in.");
    const { access_token } = this.#tokens;
    this.#tokens = { ...this.#tokens, access_token: `${access_token.slice(0, -4)}0000` };
  }
}
