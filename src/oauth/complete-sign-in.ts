import type { AuthRequest } from "@cloudflare/workers-oauth-provider";

import { accountOf } from "../account/accounts.ts";
import { mayEnter } from "../auth/access-policy.ts";
import type { GrantProps } from "../auth/grant-props.ts";
import { identityKey, type Person } from "../auth/identity.ts";
import type { Config } from "../config.ts";
import { githubClient } from "../github/client.ts";
import { fetchProfile } from "../github/profile.ts";
import { githubServer } from "../github/server.ts";
import type { UpstreamToken } from "../github/sign-in.ts";
import { onlyToken } from "../github/token-source.ts";
import { log } from "../log.ts";
import type { OAuthApi } from "./authorization-server.ts";
import { withDocument } from "./client-document.ts";
import { displayName } from "./consent-facts.ts";

/** A GitHub App names no scopes; an OAuth App may have been granted less than was asked for. */
function withinUpstream(scope: string[], { scopes }: UpstreamToken): string[] {
  const mayReadPrivate = scopes.length === 0 || scopes.includes("repo");
  return scope.filter((entry) => entry !== "github:private" || mayReadPrivate);
}

interface SignIn {
  readonly env: Env;
  readonly oauth: OAuthApi;
  readonly request: AuthRequest;
  /** What GitHub gave when the person came back. */
  readonly token: UpstreamToken;
}

/** Leaves the token with the person's object, and makes a grant that holds a copy. */
async function makeGrant(
  { env, oauth, request, token }: SignIn,
  identity: Person,
  scope: string[],
) {
  const details = await oauth.describeConsent(request);
  const shared = await accountOf(env, identity).adopt(token);
  const { tokenSet, sealed, expiresAt } = shared;
  const props: GrantProps = {
    identity,
    tokenSet,
    githubToken: sealed,
    ...(expiresAt !== undefined && { githubTokenExpiresAt: expiresAt }),
    client: {
      name: displayName(details.clientName),
      host: details.clientDomain ?? details.redirectHost,
      isVerified: details.clientDomain !== undefined,
    },
  };
  return oauth.completeAuthorization({
    request,
    userId: String(identity.id),
    metadata: { login: identity.login },
    scope,
    props,
    // Signing in from a second client, or a second machine, must not end the first.
    revokeExistingGrants: false,
  });
}

type SignInOutcome =
  /** The browser goes back to the client, with its code. */
  | { readonly isAdmitted: true; readonly redirectTo: string }
  | { readonly isAdmitted: false; readonly login: string };

/**
 * Turns GitHub's word on who the person is into a grant for the client that asked, if the person
 * may use this server. Of somebody who may not, nothing is stored.
 */
export async function completeSignIn(config: Config, signIn: SignIn): Promise<SignInOutcome> {
  const { request, token } = signIn;
  const server = githubServer(config.github.url);
  const client = githubClient(server, onlyToken(token.accessToken));
  const { id, login } = await fetchProfile(client);
  const identity = { kind: "person", id, login } as const;
  const caller = identityKey(identity);
  if (!(await mayEnter(config, identity, client))) {
    const facts = { caller, login, client: request.clientId, why: "not listed" };
    log("info", "sign_in.refused", facts);
    return { isAdmitted: false, login };
  }
  const scope = withinUpstream(request.scope, token);
  const made = makeGrant(signIn, identity, scope);
  const { redirectTo } = await withDocument(request.clientId, made);
  log("info", "sign_in.done", { caller, client: request.clientId, scope });
  return { isAdmitted: true, redirectTo };
}
