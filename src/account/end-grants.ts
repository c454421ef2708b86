import { type Identity, identityKey } from "../auth/identity.ts";
import { describeError, log } from "../log.ts";
import { accountOf } from "./accounts.ts";

/** Ends grants of one person, each in its own object, so that no refresh under way writes it back. */
export async function endGrants(
  env: Env,
  origin: string,
  identity: Identity,
  grantIds: readonly string[],
): Promise<void> {
  const ended = await Promise.allSettled(
    grantIds.map((grantId) => env.GRANT_OBJECT.getByName(`${identity.id}:${grantId}`).end(origin)),
  );
  const failed = ended.find(({ status }) => status === "rejected");
  if (failed) throw new Error("Not every grant could be ended.", { cause: failed });
}

/**
 * Ends what GitHub has signed out: every grant whose upstream token GitHub's own check denied. The
 * clients' next requests get 401, and they sign in again. Never rejects.
 */
export async function endSignedOutGrants(
  env: Env,
  origin: string,
  identity: Identity,
): Promise<void> {
  try {
    await accountOf(env, identity).endSignedOutGrants(origin, identity);
  } catch (error) {
    const caller = identityKey(identity);
    log("warn", "grants.not_ended", { caller, error: describeError(error) });
  }
}
