import type { OAuthHelpers } from "@cloudflare/workers-oauth-provider";

export interface StockEnv {
  readonly OAUTH_PROVIDER: OAuthHelpers;
  /** What every token is bound to: the URL that clients are given. */
  readonly MCP_RESOURCE: string;
}

/** As long as what the Worker under test keeps for a person, so that both decrypt the same amount. */
const PROPS = {
  identity: { kind: "person", id: 583231, login: "octocat" },
  githubToken: `v1.${"n".repeat(16)}.${"t".repeat(75)}`,
};

/** Signs everyone in at once: what is measured begins after it. */
export const authorize = {
  async fetch(request, env) {
    const oauth = env.OAUTH_PROVIDER;
    const authorization = await oauth.parseAuthRequest(request);
    const { redirectTo } = await oauth.completeAuthorization({
      request: authorization,
      userId: String(PROPS.identity.id),
      metadata: {},
      scope: authorization.scope,
      props: PROPS,
    });
    return Response.redirect(redirectTo, 302);
  },
} satisfies ExportedHandler<StockEnv>;
