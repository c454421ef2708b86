import type { OAuthHelpers } from "@cloudflare/workers-oauth-provider";

export interface StockEnv {
  readonly OAUTH_PROVIDER: OAuthHelpers;
  /** What every token is bound to: the URL that clients are given. */
  readonly MCP_RESOURCE: string;
  /** How many tools there are. */
  readonly TOOL_COUNT: string;
  /** Where GitHub's API is, and the token under which it is asked. */
  readonly GITHUB_API: string;
  readonly GITHUB_TOKEN: string;
}

export interface StockProps extends Record<string, unknown> {
  readonly accessToken: string;
}

/** As long as what the Worker under test keeps for a person, so that both decrypt the same amount. */
const propsOf = (accessToken: string) => ({
  identity: { kind: "person", id: 583231, login: "octocat" },
  tokenSet: "read:user",
  accessToken,
  filler: "f".repeat(48),
  client: { name: "Test client", host: "127.0.0.1", isVerified: false },
});

/** Signs everyone in at once, without a page and without GitHub. */
export const authorize = {
  async fetch(request, env) {
    const oauth = env.OAUTH_PROVIDER;
    const authorization = await oauth.parseAuthRequest(request);
    const props = propsOf(env.GITHUB_TOKEN);
    const { redirectTo } = await oauth.completeAuthorization({
      request: authorization,
      userId: String(props.identity.id),
      metadata: {},
      scope: authorization.scope,
      props,
      // As in the Worker under test: else each sign-in reads all that the person ever let in.
      revokeExistingGrants: false,
    });
    return Response.redirect(redirectTo, 302);
  },
} satisfies ExportedHandler<StockEnv>;
