import {
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  registerClient,
  type Tokens,
  tokenRequest,
} from "../test/support/sign-in.ts";

export interface StockSignIn {
  readonly access_token: string;
  /** Ends the grant. */
  revoke(): Promise<unknown>;
}

interface Options {
  /** What the token is bound to, below the origin. */
  readonly path: string;
  readonly clientName?: string;
}

/** Signs in to a stock Worker, whose `/authorize` asks nothing and nobody. */
export async function signInToStock(
  origin: string,
  { path, clientName = "Bench" }: Options,
): Promise<StockSignIn> {
  const site = { url: origin };
  const { client_id } = await registerClient(site, { client_name: clientName });
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(site, {
    client_id,
    code_challenge: challenge,
    resource: origin + path,
  });
  const authorized = await fetch(url, { redirect: "manual" });
  const location = authorized.headers.get("location");
  const code = location && new URL(location).searchParams.get("code");
  if (!code) throw new Error(`/authorize answered ${authorized.status} without a code.`);
  const response = await tokenRequest(site, {
    grant_type: "authorization_code",
    client_id,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  });
  if (!response.ok) throw new Error(`/token answered ${response.status}.`);
  const { access_token, refresh_token } = (await response.json()) as Tokens;
  return { access_token, revoke: () => tokenRequest(site, { token: refresh_token, client_id }) };
}
