import type { TestServer } from "./server.ts";
import {
  allow,
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  type RegisteredClient,
  type Tokens,
} from "./sign-in.ts";

type Site = Pick<TestServer, "url" | "github">;

/** What `/token` answered. */
export interface TokenAnswer {
  readonly status: number;
  /** The body as it came, byte for byte. */
  readonly text: string;
  readonly body: Tokens & { readonly error?: string };
}

export async function askForTokens(
  site: Site,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<TokenAnswer> {
  const body = new URLSearchParams(form);
  const response = await fetch(`${site.url}/token`, { method: "POST", headers, body });
  const text = await response.text();
  // A crash would answer with a page: that is for the test to see by its status.
  return { status: response.status, text, body: text.startsWith("{") ? JSON.parse(text) : {} };
}

/** Refreshes as a client without a secret does. */
export function refresh(
  site: Site,
  clientId: string,
  token: string,
  more: Record<string, string> = {},
): Promise<TokenAnswer> {
  const form = { grant_type: "refresh_token", client_id: clientId, refresh_token: token, ...more };
  return askForTokens(site, form);
}

/** Signs a person in up to the client's code; returns the form that redeems it. */
export async function newCode(
  site: Site,
  { client_id }: RegisteredClient,
  login: string,
): Promise<Record<string, string>> {
  const { verifier, challenge } = pkce();
  const back = await allow(site, authorizeUrl(site, { client_id, code_challenge: challenge }), {
    login,
  });
  return {
    grant_type: "authorization_code",
    redirect_uri: REDIRECT_URI,
    code: back.searchParams.get("code") ?? "",
    code_verifier: verifier,
  };
}

/** HTTP Basic authentication of a client that has a secret (RFC 6749, section 2.3.1). */
export function basic({ client_id, client_secret = "" }: RegisteredClient) {
  const credentials = [client_id, client_secret].map(encodeURIComponent).join(":");
  return { authorization: `Basic ${btoa(credentials)}` };
}
