import { EMULATED_OAUTH_APP } from "../../../emulator/seed.ts";
import { Browser, handleOf } from "../browser.ts";
import { SERVER_SECRET, type TestServer } from "../server.ts";
import {
  allow,
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  registerClient,
  type Tokens,
  tokenRequest,
} from "../sign-in.ts";
import { type LiveCaller, liveCaller } from "./live-caller.ts";
import type { Known } from "./placeholders.ts";

/** A server with people on it, and what an attacker may know and must not learn. */
export interface TargetServer {
  readonly origin: string;
  readonly githubUrl: string;
  readonly callers: readonly LiveCaller[];
  readonly known: Known;
  /** By name; no answer holds one of the values. */
  readonly secrets: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Two grants of one person among them. */
const LOGINS = ["octocat", "hubot", "mona", "octocat"];

export async function targetServer(server: TestServer): Promise<TargetServer> {
  const callers = await Promise.all(LOGINS.map((login) => liveCaller(server, login)));
  const known = await spendableGrant(server);
  const githubTokens = await server.github.tokens();
  const secrets = new Map([
    ["the server's secret", SERVER_SECRET],
    ["GitHub's client secret", EMULATED_OAUTH_APP.clientSecret],
    ...githubTokens.map(({ token, login }): [string, string] => [`${login}'s GitHub token`, token]),
    ...callers.flatMap(({ login, token, refreshToken }): [string, string][] => [
      [`${login}'s access token`, token],
      [`${login}'s refresh token`, refreshToken],
    ]),
  ]);
  return {
    origin: server.url,
    githubUrl: server.githubUrl,
    callers,
    known,
    secrets,
    async close() {
      await Promise.all(callers.map((caller) => caller.close()));
    },
  };
}

/** A grant for `/token` to be attacked with: requests may spend, replay or revoke what it has. */
async function spendableGrant(server: TestServer): Promise<Known> {
  const { client_id } = await registerClient(server);
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(server, { client_id, code_challenge: challenge });
  const back = await allow(server, url, { login: "mona" });
  const code = back.searchParams.get("code") ?? "";
  const exchanged = await tokenRequest(server, {
    grant_type: "authorization_code",
    client_id,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  });
  const { refresh_token: refreshToken } = (await exchanged.json()) as Tokens;
  const consent = await new Browser().fetch(url);
  return {
    origin: server.url,
    clientId: client_id,
    redirectUri: REDIRECT_URI,
    refreshToken,
    code,
    verifier,
    handle: handleOf(await consent.text()),
  };
}
