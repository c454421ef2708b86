import {
  GrantType,
  OAuthError,
  type TokenExchangeCallbackOptions,
  type TokenExchangeCallbackResult,
} from "@cloudflare/workers-oauth-provider";

import { type GrantProps, grantPropsSchema } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { SealError, sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { GitHubRefusal, githubSignIn, type UpstreamToken } from "../github/sign-in.ts";
import { describeError, log } from "../log.ts";

/** One hour: how long a stolen access token is of use. */
export const ACCESS_TOKEN_SECONDS = 60 * 60;

/** KV keeps nothing for less than a minute. */
const SHORTEST_TOKEN_SECONDS = 60;

/** An upstream token must outlive the access token that is given out with it, with time to spare. */
const SPARE_SECONDS = 5 * 60;

const now = () => Math.floor(Date.now() / 1000);

function signedOut(): OAuthError {
  return new OAuthError("invalid_grant", {
    description: "This sign-in can no longer be used. Sign in again.",
  });
}

function tryLater(): OAuthError {
  return new OAuthError("temporarily_unavailable", {
    description: "GitHub is not available. Try again.",
    statusCode: 503,
    headers: { "Retry-After": "30" },
  });
}

function lifetime({ githubTokenExpiresAt }: GrantProps): TokenExchangeCallbackResult {
  if (githubTokenExpiresAt === undefined) return {};
  const left = githubTokenExpiresAt - now();
  return { accessTokenTTL: Math.max(SHORTEST_TOKEN_SECONDS, Math.min(ACCESS_TOKEN_SECONDS, left)) };
}

/** The props of a grant for a fresh upstream token, its secrets sealed for their owner. */
export async function sealGrantProps(
  config: Config,
  identity: GrantProps["identity"],
  token: UpstreamToken,
): Promise<GrantProps> {
  const { seal } = sealer(config.serverSecret);
  const owner = identityKey(identity);
  return {
    identity,
    githubToken: await seal(token.accessToken, owner),
    githubTokenHasScopes: token.scopes.length > 0,
    ...(token.expiresAt !== undefined && { githubTokenExpiresAt: token.expiresAt }),
    ...(token.refreshToken !== undefined && {
      githubRefreshToken: await seal(token.refreshToken, owner),
    }),
  };
}

/**
 * Keeps the upstream token alive when a client exchanges a code or refreshes: a GitHub App's user
 * token is renewed before it ends, an OAuth App's is checked. A grant ends only when GitHub's own
 * check denies its token; an outage never costs one.
 */
export function upstreamOnTokenExchange(config: Config) {
  const signIn = githubSignIn(config.github);
  const { open } = sealer(config.serverSecret);

  async function isAlive(props: GrantProps): Promise<boolean> {
    return signIn.isAlive(await open(props.githubToken, identityKey(props.identity)));
  }

  /** Renewed props, or the old ones while GitHub still accepts their token. */
  async function renew(props: GrantProps, sealedRefreshToken: string): Promise<GrantProps> {
    const refreshToken = await open(sealedRefreshToken, identityKey(props.identity));
    try {
      return await sealGrantProps(config, props.identity, await signIn.refresh(refreshToken));
    } catch (error) {
      if (error instanceof GitHubRefusal && !(await isAlive(props))) throw signedOut();
      log("warn", "upstream.not_renewed", { error: describeError(error) });
      if ((props.githubTokenExpiresAt ?? 0) <= now()) throw tryLater();
      return props;
    }
  }

  async function refreshed(props: GrantProps): Promise<TokenExchangeCallbackResult> {
    const { githubTokenExpiresAt, githubRefreshToken } = props;
    if (githubTokenExpiresAt === undefined || githubRefreshToken === undefined) {
      if (!(await isAlive(props))) throw signedOut();
      return lifetime(props);
    }
    if (githubTokenExpiresAt > now() + ACCESS_TOKEN_SECONDS + SPARE_SECONDS) return lifetime(props);
    const newProps = await renew(props, githubRefreshToken);
    return { newProps, ...lifetime(newProps) };
  }

  return async ({
    grantType,
    props,
  }: TokenExchangeCallbackOptions<Env>): Promise<TokenExchangeCallbackResult> => {
    const stored = grantPropsSchema.parse(props);
    if (grantType !== GrantType.REFRESH_TOKEN) return lifetime(stored);
    try {
      return await refreshed(stored);
    } catch (error) {
      if (error instanceof OAuthError) throw error;
      if (error instanceof SealError) throw signedOut();
      log("warn", "upstream.not_checked", { error: describeError(error) });
      // Without an answer from GitHub the token at hand is as good as it was.
      if (stored.githubTokenExpiresAt === undefined) return {};
      throw tryLater();
    }
  };
}
