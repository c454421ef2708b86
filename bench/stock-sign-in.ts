import { pkce, REDIRECT_URI } from "../test/support/sign-in.ts";

interface Registered {
  readonly client_id: string;
}

async function register(origin: string): Promise<Registered> {
  const response = await fetch(`${origin}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      client_name: "Bench",
      redirect_uris: [REDIRECT_URI],
      token_endpoint_auth_method: "none",
    }),
  });
  if (response.status !== 201) throw new Error(`/register answered ${response.status}.`);
  return (await response.json()) as Registered;
}

/** A token for a stock Worker, whose `/authorize` asks nothing. */
export async function signInToStock(origin: string, path: string): Promise<string> {
  const { client_id } = await register(origin);
  const { verifier, challenge } = pkce();
  const query = new URLSearchParams({
    response_type: "code",
    client_id,
    redirect_uri: REDIRECT_URI,
    code_challenge: challenge,
    code_challenge_method: "S256",
    resource: origin + path,
  });
  const authorized = await fetch(`${origin}/authorize?${query}`, { redirect: "manual" });
  const location = authorized.headers.get("location");
  const code = location && new URL(location).searchParams.get("code");
  if (!code) throw new Error(`/authorize answered ${authorized.status} without a code.`);
  const response = await fetch(`${origin}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id,
      redirect_uri: REDIRECT_URI,
      code,
      code_verifier: verifier,
    }),
  });
  if (!response.ok) throw new Error(`/token answered ${response.status}.`);
  return ((await response.json()) as { access_token: string }).access_token;
}
