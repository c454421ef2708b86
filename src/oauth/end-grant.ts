import type { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";

import type { Caller } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { githubSignIn } from "../github/sign-in.ts";
import { describeError, log } from "../log.ts";

/**
 * Ends a caller's grant after GitHub answered 401, if GitHub's own check confirms that the token is
 * dead: the client's next request then gets 401 and signs in again. Expiring tokens are left to the
 * refresh, which knows whether a newer one exists.
 */
export async function endGrantIfRevoked(
  config: Config,
  server: OAuthAuthorizationServer<Env>,
  env: Env,
  caller: Caller,
): Promise<void> {
  if (caller.githubTokenExpiresAt !== undefined) return;
  const owner = identityKey(caller.identity);
  try {
    const token = await sealer(config.serverSecret).open(caller.githubToken, owner);
    if (await githubSignIn(config.github).isAlive(token)) return;
    await server.getOAuthApi(env).revokeGrant(caller.grantId, String(caller.identity.id));
    log("info", "grant.ended", { caller: owner, why: "GitHub denies the token" });
  } catch (error) {
    log("warn", "grant.not_checked", { caller: owner, error: describeError(error) });
  }
}
