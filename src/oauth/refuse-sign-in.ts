import { type AuthRequest, authorizationErrorRedirect } from "@cloudflare/workers-oauth-provider";

import { refusalText } from "../auth/access-policy.ts";
import type { Config } from "../config.ts";
import { githubServer } from "../github/server.ts";
import { githubSignIn, type UpstreamToken } from "../github/sign-in.ts";
import { describeError, log } from "../log.ts";
import { notAdmitted } from "../pages/not-admitted.tsx";

interface RefusedSignIn {
  readonly request: AuthRequest;
  readonly login: string;
  readonly token: UpstreamToken;
  readonly headers: Headers;
  readonly ctx: Pick<ExecutionContext, "waitUntil">;
}

/** Tells a person who may not enter, and their client, and has GitHub forget the token it gave. */
export function refuseSignIn(config: Config, refused: RefusedSignIn): Response {
  const { request, login, token, headers, ctx } = refused;

  async function forget(): Promise<void> {
    try {
      await githubSignIn(config.github).deleteToken(token.accessToken);
    } catch (error) {
      log("warn", "sign_in.token_not_deleted", { error: describeError(error) });
    }
  }

  ctx.waitUntil(forget());
  const refusal = {
    githubHost: githubServer(config.github.url).host,
    login,
    contact: config.contact,
    admitsMembers: config.allowedOrgs.size > 0,
    returnTo: authorizationErrorRedirect(request, "access_denied", refusalText(config)),
  };
  return notAdmitted(refusal, headers);
}
