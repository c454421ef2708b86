import {
  GrantType,
  OAuthError,
  type TokenExchangeCallbackOptions,
  type TokenExchangeCallbackResult,
} from "@cloudflare/workers-oauth-provider";

import { accountOf } from "../account/accounts.ts";
import { refusalText } from "../auth/access-policy.ts";
import { type GrantProps, isGrantProps } from "../auth/grant-props.ts";
import { identityKey } from "../auth/identity.ts";
import { loadConfig } from "../config.ts";
import { describeError, log } from "../log.ts";
import { currentRequest } from "../request-context.ts";

type Exchange = TokenExchangeCallbackOptions<Env> & { readonly stored: GrantProps };

function signedOut(): OAuthError {
  return new OAuthError("invalid_grant", {
    description: "This sign-in can no longer be used. Sign in again.",
  });
}

function notAdmitted({ env, clientId, stored: { identity } }: Exchange): OAuthError {
  const { login } = identity;
  log("info", "refresh.refused", {
    caller: identityKey(identity),
    login,
    client: clientId,
    why: "not listed",
  });
  return new OAuthError("invalid_grant", { description: refusalText(loadConfig(env)) });
}

function tryAgain(description: string): OAuthError {
  return new OAuthError("temporarily_unavailable", {
    description,
    statusCode: 503,
    headers: { "Retry-After": "5" },
  });
}

/** The client has its first tokens: from now on the person sees it among what is connected. */
async function admit({ env, grantId, clientId, scope, stored }: Exchange): Promise<void> {
  const { identity, tokenSet, client } = stored;
  await accountOf(env, identity).admit({
    grantId,
    clientId,
    clientName: client.name,
    host: client.host,
    isVerified: client.isVerified,
    scopes: scope,
    tokenSet,
  });
}

/** The grant with a copy of the token that the person's clients share by now. */
async function renewed(exchange: Exchange): Promise<GrantProps> {
  const { env, grantId, resource, stored } = exchange;
  const { identity, tokenSet } = stored;
  const { origin } = new URL(resource);
  const answer = await accountOf(env, identity).renew({
    grantId,
    identity,
    tokenSet,
    origin,
    request: currentRequest(),
  });
  if (answer.status === "refused") throw notAdmitted(exchange);
  if (answer.status === "undecided") {
    throw tryAgain("GitHub did not say whether you may use this server. Try again.");
  }
  if (answer.status === "signed_out") throw signedOut();
  if (answer.status === "unavailable") return stored;
  const { sealed, expiresAt } = answer.token;
  const { githubTokenExpiresAt: _, ...rest } = stored;
  return {
    ...rest,
    githubToken: sealed,
    ...(expiresAt !== undefined && { githubTokenExpiresAt: expiresAt }),
  };
}

/**
 * Called by the OAuth library when a client redeems a code or refreshes. A grant ends only when
 * GitHub's own check denies its token, or when its person may use this server no longer. Trouble at
 * GitHub costs nobody a sign-in: the client gets its tokens all the same, and its tool calls say what
 * is wrong; but where GitHub decides who may enter, the client must try again.
 */
export async function onTokenExchange(
  options: TokenExchangeCallbackOptions<Env>,
): Promise<TokenExchangeCallbackResult> {
  const stored: unknown = options.props;
  // An older build made it otherwise.
  if (!isGrantProps(stored)) throw signedOut();
  const exchange = { ...options, stored };
  try {
    if (options.grantType !== GrantType.REFRESH_TOKEN) {
      await admit(exchange);
      return {};
    }
    return { newProps: await renewed(exchange) };
  } catch (error) {
    if (error instanceof OAuthError) throw error;
    log("warn", "account.unavailable", { error: describeError(error) });
    throw tryAgain("This server could not reach your account. Try again.");
  }
}
