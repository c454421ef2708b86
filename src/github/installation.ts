import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "octokit";
import * as z from "zod";

import type { Config, GitHubApp } from "../config.ts";
import { ToolError } from "../errors.ts";
import { octokitOptions } from "./client.ts";
import { toToolError } from "./errors.ts";
import { fetchGitHub } from "./fetch.ts";
import { githubServer } from "./server.ts";
import type { TokenSource } from "./token-source.ts";

const answerSchema = z.object({ token: z.string().min(1), expires_at: z.iso.datetime() });

interface InstallationToken {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

/** A call that begins now must end before its token does. */
const LEEWAY_MS = 60_000;

/** The token that this isolate was given last, by installation. GitHub gives them an hour. */
const known = new Map<string, InstallationToken>();

/**
 * Asks for a token as the App. `@octokit/auth-app` signs; its own request for the token is not used,
 * because it shares promises between requests, which workerd never settles for the second one.
 */
async function ask(web: string, { id, installationId, privateKey }: GitHubApp) {
  const server = githubServer(web);
  const client = new Octokit({
    ...octokitOptions(server),
    authStrategy: createAppAuth,
    auth: { appId: id, privateKey },
    request: { fetch: fetchGitHub },
  });
  try {
    const { data } = await client.rest.apps.createInstallationAccessToken({
      installation_id: installationId,
    });
    const answer = answerSchema.safeParse(data);
    if (!answer.success) throw new TypeError("GitHub's token answer was not understood.");
    return { token: answer.data.token, endsAt: Date.parse(answer.data.expires_at) };
  } catch (error) {
    throw refusalOf(toToolError(error, server));
  }
}

/** What GitHub refuses the App, its operator must mend. */
function refusalOf(error: ToolError): ToolError {
  if (error.code === "github_unavailable" || error.code === "rate_limited") return error;
  return new ToolError(
    "forbidden",
    "GitHub does not accept this server's GitHub App. Tell the server's operator: its id, its key or its installation is wrong.",
  );
}

/** Tokens of this server's GitHub App, for one installation. Fails with `ToolError` only. */
export function installationTokens({ url, app }: Config["github"]): TokenSource {
  const name = `${url} ${app?.installationId}`;

  async function renewed(): Promise<string> {
    if (!app) throw new TypeError("A service was given a GitHub tool without a GitHub App.");
    const made = await ask(url, app);
    known.set(name, made);
    return made.token;
  }

  return {
    async token() {
      const last = known.get(name);
      return last && last.endsAt > Date.now() + LEEWAY_MS ? last.token : renewed();
    },
    async insteadOf(refused) {
      const last = known.get(name)?.token;
      return last !== undefined && last !== refused ? last : renewed();
    },
  };
}
