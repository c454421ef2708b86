import { describeError, log } from "../log.ts";
import { Batches } from "./batches.ts";

/** The period of every limit in wrangler.jsonc, in seconds: after it a refused client may go on. */
export const RETRY_AFTER_SECONDS = 60;

/** Counts one kind of request, by whoever sends it. */
export interface Limit {
  /**
   * Whether this one may go on. A refusal stands for a second, so that a flood costs neither a
   * count nor a log line a request. Who is nobody in particular always may.
   */
  admits(key: string | undefined): Promise<boolean>;
}

/** For how long a refusal stands without asking its counter again, in milliseconds. */
const STANDS_MS = 1000;

/** Whom this isolate refuses at the moment, at most, by one limit. */
const MAX_REFUSED = 1000;

/** How many requests to MCP one count stands for, at most. */
const MOST_CALLS_A_COUNT = 60;

interface Refusal {
  readonly until: number;
  /** How many requests it has refused by standing. */
  repeated: number;
}

/** One count stands for so many requests at most. */
function limit(name: string, binding: RateLimit | undefined, most = 1): Limit {
  const refused = new Map<string, Refusal>();
  const batches = new Batches(most);

  function refuse(key: string): void {
    const { repeated = 0 } = refused.get(key) ?? {};
    log("warn", "limit.reached", { limit: name, key, repeated });
    if (refused.size >= MAX_REFUSED) refused.clear();
    refused.set(key, { until: Date.now() + STANDS_MS, repeated: 0 });
    batches.forget(key);
  }

  return {
    async admits(key) {
      // Whoever deploys may take a binding, and with it the limit, out of wrangler.jsonc.
      if (key === undefined || !binding) return true;
      if (batches.cover(key)) return true;
      const standing = refused.get(key);
      if (standing && Date.now() < standing.until) {
        standing.repeated += 1;
        return false;
      }
      // Those that come before the answer go on too, unless the last answer was a refusal.
      const delta = standing ? 1 : batches.next(key);
      try {
        const { success } = await binding.limit({ key, delta });
        if (success) refused.delete(key);
        else refuse(key);
        return success;
      } catch (error) {
        // A counter in trouble must not be what stops the server.
        log("warn", "limit.not_counted", { limit: name, error: describeError(error) });
        return true;
      }
    },
  };
}

/**
 * What may be asked how often in a minute. How many is in wrangler.jsonc, and in docs/limits.md. The
 * counters are Cloudflare's, one at each of its locations: they stop floods, and are no exact
 * account. Nothing is counted where nothing is spent, so a health check never meets a limit.
 */
export function rateLimits(env: Env) {
  return {
    /** By address: whatever reads storage or asks GitHub before it is known who asks. */
    address: limit("address", env.ADDRESS_LIMIT),
    /** By address: clients that are stored. */
    registration: limit("registration", env.REGISTRATION_LIMIT),
    /** By address: consent pages, each of which is stored for ten minutes. */
    authorization: limit("authorization", env.AUTHORIZATION_LIMIT),
    /** By grant: what a client redeems, refreshes and revokes. */
    token: limit("token", env.TOKEN_LIMIT),
    /** By person: requests to MCP. */
    call: limit("call", env.CALL_LIMIT, MOST_CALLS_A_COUNT),
    /** By person: sessions that are opened, each of which is an object of its own. */
    session: limit("session", env.SESSION_LIMIT),
  };
}

export type RateLimits = ReturnType<typeof rateLimits>;
