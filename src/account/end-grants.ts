import { identityKey, type Person } from "../auth/identity.ts";
import { StorageOutage } from "../errors.ts";
import { describeError, log } from "../log.ts";
import { currentRequest, type RequestContext } from "../request-context.ts";
import { accountOf } from "./accounts.ts";

/** How a grant ends that its client did not end itself. */
export interface GrantEnding {
  /** The origin of this Worker that the grant belongs to. */
  readonly origin: string;
  /** For the log: its person ended it, GitHub ended the person's sign-in, or they may enter no longer. */
  readonly why: "disconnected" | "signed out by GitHub" | "not admitted";
  readonly request: RequestContext;
}

/** Ends grants of one person, each in its own object, so that no refresh under way writes it back. */
export async function endGrants(
  env: Env,
  identity: Person,
  grantIds: readonly string[],
  how: Omit<GrantEnding, "request">,
): Promise<void> {
  const ending = { ...how, request: currentRequest() };
  const ended = await Promise.allSettled(
    grantIds.map((grantId) => env.GRANT_OBJECT.getByName(`${identity.id}:${grantId}`).end(ending)),
  );
  const failed = ended.find((each) => each.status === "rejected");
  if (failed) throw new StorageOutage("Not every grant could be ended.", { cause: failed.reason });
}

/**
 * Ends what GitHub has signed out: every grant whose upstream token GitHub's own check denied. The
 * clients' next requests get 401, and they sign in again. Never rejects.
 */
export async function endSignedOutGrants(
  env: Env,
  origin: string,
  identity: Person,
): Promise<void> {
  try {
    await accountOf(env, identity).endSignedOutGrants(origin, identity, currentRequest());
  } catch (error) {
    const caller = identityKey(identity);
    log("warn", "grants.not_ended", { caller, error: describeError(error) });
  }
}
