import * as z from "zod";

import type { Config } from "../config.ts";
import { fetchGitHub } from "./fetch.ts";
import { githubServer } from "./server.ts";

/** GitHub's endpoints for signing people in (OAuth Apps, and GitHub Apps on behalf of a user). */

const tokenSchema = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  /** Comma-separated; empty for GitHub Apps, whose permissions are the app's. */
  scope: z.string().default(""),
  expires_in: z.number().int().positive().optional(),
  refresh_token: z.string().min(1).optional(),
});

const refusalSchema = z.object({ error: z.string() });

export interface UpstreamToken {
  readonly accessToken: string;
  readonly scopes: readonly string[];
  /** Seconds since the Unix epoch; absent for tokens that do not expire. */
  readonly expiresAt: number | undefined;
  readonly refreshToken: string | undefined;
}

/** GitHub refused: the code or refresh token is used up, expired or revoked. Trying again is useless. */
export class GitHubRefusal extends Error {
  override readonly name = "GitHubRefusal";
  /** GitHub's code for it, such as bad_verification_code. For the log. */
  readonly code: string;
  constructor(code: string) {
    super(`GitHub refused: ${code}`);
    this.code = code;
  }
}

/** GitHub did not give a usable answer; it may do so later. */
export class GitHubOutage extends Error {
  override readonly name = "GitHubOutage";
}

interface AuthorizeOptions {
  readonly redirectUri: string;
  readonly state: string;
  readonly codeChallenge: string;
  readonly scopes: readonly string[];
}

export interface GitHubSignIn {
  /** GitHub's page on which the person signs in, with PKCE (RFC 7636, S256). */
  authorizeUrl(options: AuthorizeOptions): string;
  exchangeCode(code: string, redirectUri: string, codeVerifier: string): Promise<UpstreamToken>;
  /** A new token for an expiring one. GitHub's refresh tokens work once. */
  refresh(refreshToken: string): Promise<UpstreamToken>;
  /** Whether GitHub still accepts a token of ours, by its own check. */
  isAlive(accessToken: string): Promise<boolean>;
  /** Ends one token of ours; one that is gone already is no fault. */
  deleteToken(accessToken: string): Promise<void>;
}

/** A tool that GitHub refused waits for this check, within the ten seconds that a call may take. */
const TOKEN_CHECK_TIMEOUT_MS = 2_000;

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    throw new GitHubOutage("GitHub's answer was not JSON.", { cause });
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetchGitHub(url, init);
  } catch (cause) {
    throw new GitHubOutage("GitHub did not answer.", { cause });
  }
}

function toUpstreamToken(body: unknown): UpstreamToken {
  const refusal = refusalSchema.safeParse(body);
  if (refusal.success) throw new GitHubRefusal(refusal.data.error);
  const token = tokenSchema.safeParse(body);
  if (!token.success) throw new GitHubOutage("GitHub's token answer was not understood.");
  const { access_token, scope, expires_in, refresh_token } = token.data;
  return {
    accessToken: access_token,
    scopes: scope.split(/[ ,]+/).filter((entry) => entry !== ""),
    expiresAt: expires_in === undefined ? undefined : Math.floor(Date.now() / 1000) + expires_in,
    refreshToken: refresh_token,
  };
}

/** What GitHub says of one of the app's own tokens, as a status; DELETE ends the token. */
async function askAboutToken(
  { url, clientId, clientSecret }: Config["github"],
  method: "POST" | "DELETE",
  accessToken: string,
): Promise<number> {
  const response = await send(`${githubServer(url).api}/applications/${clientId}/token`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`,
      "content-type": "application/json",
      "user-agent": "github-mcp-worker",
    },
    body: JSON.stringify({ access_token: accessToken }),
    signal: AbortSignal.timeout(TOKEN_CHECK_TIMEOUT_MS),
  });
  await response.body?.cancel();
  return response.status;
}

export function githubSignIn(github: Config["github"]): GitHubSignIn {
  const { clientId, clientSecret } = github;
  const { web } = githubServer(github.url);

  async function requestToken(parameters: Record<string, string>): Promise<UpstreamToken> {
    const response = await send(`${web}/login/oauth/access_token`, {
      method: "POST",
      headers: { accept: "application/json", "user-agent": "github-mcp-worker" },
      body: new URLSearchParams({
        client_id: clientId,
        client_secret: clientSecret,
        ...parameters,
      }),
    });
    // GitHub answers refusals with 200 and an error field; other statuses are outages.
    if (!response.ok) throw new GitHubOutage(`GitHub answered ${response.status}.`);
    return toUpstreamToken(await readJson(response));
  }

  return {
    authorizeUrl({ redirectUri, state, codeChallenge, scopes }) {
      const target = new URL("/login/oauth/authorize", web);
      target.search = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        scope: scopes.join(" "),
        code_challenge: codeChallenge,
        code_challenge_method: "S256",
      }).toString();
      return target.href;
    },
    exchangeCode: (code, redirectUri, codeVerifier) =>
      requestToken({ code, redirect_uri: redirectUri, code_verifier: codeVerifier }),
    refresh: (refreshToken) =>
      requestToken({ grant_type: "refresh_token", refresh_token: refreshToken }),
    async isAlive(accessToken) {
      const status = await askAboutToken(github, "POST", accessToken);
      if (status === 200) return true;
      if (status === 404) return false;
      throw new GitHubOutage(`GitHub's token check answered ${status}.`);
    },
    async deleteToken(accessToken) {
      const status = await askAboutToken(github, "DELETE", accessToken);
      if (status !== 204 && status !== 404) {
        throw new GitHubOutage(`GitHub answered ${status} when a token was to be deleted.`);
      }
    },
  };
}
