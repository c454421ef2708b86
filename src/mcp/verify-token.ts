import { OAuthError } from "@cloudflare/workers-oauth-provider";

import type { Caller } from "../auth/caller.ts";
import { CredentialRefused, type Presented, type WayIn } from "../auth/way-in.ts";
import { RETRY_AFTER_SECONDS } from "../limits/rate-limits.ts";
import { describeError, log } from "../log.ts";
import type { TokenLife } from "./live-stream.ts";

/** How long a stream is open under a credential of which nobody knows when it ends: as an access token. */
const UNKNOWN_LIFE_SECONDS = 60 * 60;

/** How the OAuth library puts a refusal on the wire: 401 with its challenge, others as they are. */
function toAnswer({ status, message: description }: CredentialRefused): OAuthError {
  if (status === 401) return new OAuthError("invalid_token", { description });
  if (status === 403) return new OAuthError("access_denied", { description, statusCode: status });
  const headers = { "Retry-After": String(RETRY_AFTER_SECONDS) };
  return new OAuthError("temporarily_unavailable", { description, statusCode: status, headers });
}

/** The one way in that takes a token's shape, if there is one. */
function wayOf(waysIn: readonly WayIn[], token: string): WayIn | undefined {
  return waysIn.find(({ accepts }) => accepts(token));
}

const verified = new WeakSet<object>();

/** Whether this is a caller whom {@link verifyToken} returned, and nothing that looks like one. */
export function isVerified(props: unknown): props is Caller {
  return typeof props === "object" && props !== null && verified.has(props);
}

/**
 * Who presented a token; `null` for one that nobody issued. One log line says which check failed, or
 * that it could not be found out. Throws `OAuthError` for what has an answer of its own, and
 * whatever kept the way from finding out.
 */
export async function verifyToken(
  waysIn: readonly WayIn[],
  presented: Presented,
): Promise<Caller | null> {
  const wayIn = wayOf(waysIn, presented.token);
  const way = wayIn?.name;
  try {
    const caller = (await wayIn?.verify(presented)) ?? null;
    if (caller) verified.add(caller);
    else log("info", "token.refused", { way, check: wayIn ? "token" : "form" });
    return caller;
  } catch (error) {
    if (error instanceof CredentialRefused) {
      log("info", "token.refused", { way, check: error.check, ...error.facts });
      throw toAnswer(error);
    }
    log("warn", "token.not_checked", { way, error: describeError(error) });
    throw error;
  }
}

type Verified = Omit<Presented, "mayAsk">;

/** Throws if that could not be found out. */
async function isStillGood(waysIn: readonly WayIn[], presented: Verified): Promise<boolean> {
  try {
    const asked = { ...presented, mayAsk: async () => true };
    return Boolean(await wayOf(waysIn, presented.token)?.verify(asked));
  } catch (error) {
    if (error instanceof CredentialRefused) return false;
    throw error;
  }
}

/** What becomes of a token that was good a moment ago, for the streams that are opened under it. */
export function tokenLife(
  waysIn: readonly WayIn[],
  presented: Verified,
  { expiresAt }: Caller,
): TokenLife {
  return {
    endsAt: (expiresAt ?? Date.now() / 1000 + UNKNOWN_LIFE_SECONDS) * 1000,
    isStillValid: () => isStillGood(waysIn, presented),
  };
}
