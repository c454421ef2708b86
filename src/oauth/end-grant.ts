import type { OAuthAuthorizationServer } from "@cloudflare/workers-oauth-provider";

import type { Caller } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { SealError, sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import { githubSignIn } from "../github/sign-in.ts";
import { describeError, log } from "../log.ts";

/** Whether a caller's GitHub token can never work again. */
async function isDead(config: Config, caller: Caller): Promise<boolean> {
  try {
    const { open } = sealer(config.serverSecret);
    const token = await open(caller.githubToken, identityKey(caller.identity));
    // The refresh knows whether there is a newer one.
    if (caller.githubTokenExpiresAt !== undefined) return false;
    return !(await githubSignIn(config.github).isAlive(token));
  } catch (error) {
    if (error instanceof SealError) return true;
    throw error;
  }
}

/**
 * Ends a caller's grant after a tool could not use its GitHub token, if GitHub's own check confirms
 * that the token is dead: the client's next request then gets 401 and signs in again.
 */
export async function endGrantIfRevoked(
  config: Config,
  server: OAuthAuthorizationServer<Env>,
  env: Env,
  caller: Caller,
): Promise<void> {
  const owner = identityKey(caller.identity);
  try {
    if (!(await isDead(config, caller))) return;
    await server.getOAuthApi(env).revokeGrant(caller.grantId, String(caller.identity.id));
    log("info", "grant.ended", { caller: owner });
  } catch (error) {
    log("warn", "grant.not_checked", { caller: owner, error: describeError(error) });
  }
}
