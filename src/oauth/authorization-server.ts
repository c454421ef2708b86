import { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";

import { type AccessPolicy, admissionOf } from "../auth/access-policy.ts";
import { type GrantProps, isGrantProps } from "../auth/grant-props.ts";
import { ALL_SCOPES } from "../auth/scopes.ts";
import type { Config } from "../config.ts";
import { log } from "../log.ts";
import { onTokenExchange } from "./on-token-exchange.ts";

export type OAuthApi = ReturnType<OAuthAuthorizationServer<Env>["getOAuthApi"]>;

export type OAuthEndpoint = (
  request: Request,
  env: Env,
  ctx: ExecutionContext,
) => Promise<Response>;

const DAY = 24 * 60 * 60;

/** The URLs at which MCP is served on one origin. The first is for clients that name none. */
export function resourcesOf(origin: string): [mcp: string, sse: string, root: string] {
  return [`${origin}/mcp`, `${origin}/sse`, origin];
}

/**
 * The OAuth 2.1 authorization server of one origin: metadata (RFC 8414), tokens, registration
 * (RFC 7591 and client metadata documents) and revocation (RFC 7009). Signing in is `sign-in-pages.tsx`.
 */
export function authorizationServer(
  origin: string,
  { accessTokenSeconds }: Config,
): OAuthAuthorizationServer<Env> {
  const resources = resourcesOf(origin);
  return new OAuthAuthorizationServer<Env>({
    issuer: origin,
    resources,
    defaultResource: resources[0],
    authorizeEndpoint: "/authorize",
    tokenEndpoint: "/token",
    clientRegistrationEndpoint: "/register",
    clientIdMetadataDocumentEnabled: true,
    scopesSupported: ALL_SCOPES,
    accessTokenTTL: accessTokenSeconds,
    // A grant in use lives on; one that nobody refreshes for 30 days ends.
    refreshTokenTTL: 30 * DAY,
    refreshTokenIdleTTL: 30 * DAY,
    tokenExchangeCallback: onTokenExchange,
    onError: ({ code, status, internal }) => {
      log("info", "oauth.refused", {
        code,
        status,
        category: internal.category,
        reason: internal.reason,
      });
    },
  });
}

/**
 * What a token's grant keeps, if that is still one of this server: a token of an older build, whose
 * props this one cannot read, is as good as none, and so is that of somebody whom the settings alone
 * rule out.
 */
function usableProps(props: unknown, policy: AccessPolicy): GrantProps | undefined {
  const data = isGrantProps(props) ? props : undefined;
  return data && admissionOf(policy, data.identity) !== "refused" ? data : undefined;
}

/**
 * Accepts a token for any of the origin's resources, so that `/sse` and `/mcp` take the same ones. It
 * is looked up once; the library's own `validateToken` would be asked about each of them.
 */
export function tokenValidator(
  server: OAuthAuthorizationServer<Env>,
  origin: string,
  policy: AccessPolicy,
) {
  const resources: readonly unknown[] = resourcesOf(origin);
  return async (env: Env, token: string) => {
    const found = await server.getOAuthApi(env).unwrapToken<unknown>(token);
    const props =
      found && resources.includes(found.audience) && usableProps(found.grant.props, policy);
    if (props) return { props, scope: found.scope, expiresAt: found.expiresAt };
    return null;
  };
}
