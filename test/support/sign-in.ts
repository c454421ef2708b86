import { createHash, randomBytes } from "node:crypto";

import { Browser, handleOf, locationOf } from "./browser.ts";
import type { TestServer } from "./server.ts";

type Site = Pick<TestServer, "url" | "github">;

/** A server of which only the address matters here. */
type Address = Pick<Site, "url">;

export const REDIRECT_URI = "http://127.0.0.1:9/callback";

export interface RegisteredClient {
  client_id: string;
  client_secret?: string;
}

export async function registerClient(
  site: Address,
  metadata: object = {},
): Promise<RegisteredClient> {
  const response = await fetch(`${site.url}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Test client",
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: "none",
      ...metadata,
    }),
  });
  if (response.status !== 201)
    throw new Error(`/register answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as RegisteredClient;
}

export interface AuthorizeParameters {
  client_id: string;
  [name: string]: string | undefined;
}

export function pkce(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

export function authorizeUrl(site: Address, parameters: AuthorizeParameters): string {
  const url = new URL("/authorize", site.url);
  const all = {
    response_type: "code",
    redirect_uri: REDIRECT_URI,
    code_challenge_method: "S256",
    state: "the client's state",
    ...parameters,
  };
  for (const [name, value] of Object.entries(all)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}

export interface Allowance {
  login: string;
  /** What the person ticks on the consent page. */
  ticks?: string[];
  browser?: Browser;
}

/** Opens a client's authorize URL, allows, picks an account at GitHub; returns where the client is called back. */
export async function allow(
  site: Site,
  url: string,
  { login, ticks = [], browser = new Browser() }: Allowance,
) {
  const page = await browser.fetch(url);
  const handle = handleOf(await page.text());
  const submitted = await browser.submit(`${site.url}/authorize`, [
    ["handle", handle],
    ["decision", "allow"],
    ...ticks.map((scope): [string, string] => ["scope", scope]),
  ]);
  const back = await site.github.pickAccount(locationOf(submitted).href, login);
  return locationOf(await browser.fetch(back));
}

export interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  scope: string;
  resource?: string;
}

export function tokenRequest(site: Address, parameters: Record<string, string>): Promise<Response> {
  return fetch(`${site.url}/token`, { method: "POST", body: new URLSearchParams(parameters) });
}

async function expectTokens(response: Response): Promise<Tokens> {
  if (!response.ok) throw new Error(`/token answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Tokens;
}

export interface SignedIn extends Tokens {
  readonly client: RegisteredClient;
  refresh(): Promise<Response>;
  /** Ends the grant, as a client does that signs out (RFC 7009). */
  revoke(): Promise<Response>;
}

export interface SignInOptions extends Omit<Allowance, "login"> {
  client?: RegisteredClient;
  scope?: string;
  /** `/mcp`, `/sse` or `` for the origin itself. */
  path?: string;
}

/** Signs a person in through the real pages, and returns the client's tokens. */
export async function signIn(
  site: Site,
  login: string,
  options: SignInOptions = {},
): Promise<SignedIn> {
  const client = options.client ?? (await registerClient(site));
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(site, {
    client_id: client.client_id,
    code_challenge: challenge,
    resource: `${site.url}${options.path ?? "/mcp"}`,
    scope: options.scope,
  });
  const back = await allow(site, url, { ...options, login });
  const code = back.searchParams.get("code");
  if (!code) throw new Error(`The client was called back without a code: ${back.href}`);
  const tokens = await expectTokens(
    await tokenRequest(site, {
      grant_type: "authorization_code",
      client_id: client.client_id,
      redirect_uri: REDIRECT_URI,
      code,
      code_verifier: verifier,
    }),
  );
  return {
    ...tokens,
    client,
    refresh: () =>
      tokenRequest(site, {
        grant_type: "refresh_token",
        client_id: client.client_id,
        refresh_token: tokens.refresh_token,
      }),
    revoke: () => tokenRequest(site, { token: tokens.refresh_token, client_id: client.client_id }),
  };
}
