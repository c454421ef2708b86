import type { AuthRequest } from "@cloudflare/workers-oauth-provider";

import { identityKey } from "../auth/identity.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { fetchProfile } from "../github/profile.ts";
import { githubServer } from "../github/server.ts";
import type { UpstreamToken } from "../github/sign-in.ts";
import { log } from "../log.ts";
import type { OAuthApi } from "./authorization-server.ts";
import { beforeDeadline } from "./client-document.ts";
import { sealGrantProps } from "./upstream-token.ts";

/** A GitHub App names no scopes; an OAuth App may have been granted less than was asked for. */
function withinUpstream(scope: string[], { scopes }: UpstreamToken): string[] {
  const mayReadPrivate = scopes.length === 0 || scopes.includes("repo");
  return scope.filter((entry) => entry !== "github:private" || mayReadPrivate);
}

/**
 * Turns GitHub's word on who the person is into a grant for the client that asked. Returns where
 * the browser goes next: back to the client, with its code.
 */
export async function completeSignIn(
  config: Config,
  oauth: OAuthApi,
  request: AuthRequest,
  token: UpstreamToken,
): Promise<string> {
  const client = githubClient(githubServer(config.github.url), token.accessToken);
  const { id, login } = await fetchProfile(client);
  const identity = { kind: "person", id, login } as const;
  const scope = withinUpstream(request.scope, token);
  const completed = oauth.completeAuthorization({
    request,
    userId: String(id),
    metadata: { login },
    scope,
    props: await sealGrantProps(config, identity, token),
    // Signing in from a second client, or a second machine, must not end the first.
    revokeExistingGrants: false,
  });
  const { redirectTo } = await beforeDeadline(request.clientId, completed);
  log("info", "sign_in.done", { caller: identityKey(identity), client: request.clientId, scope });
  return redirectTo;
}
