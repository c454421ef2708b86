import type { OAuthFault } from "../limits/oauth-fault.ts";
import { RETRY_AFTER_SECONDS } from "../limits/rate-limits.ts";
import { log } from "../log.ts";

/**
 * An OAuth error as a client reads it (RFC 6749, section 5.2). Pages of any origin may read it, as
 * they may read the OAuth library's: these endpoints know no cookies.
 */
export function oauthRefusal(
  request: Request,
  { status, error, description, retryAfterSeconds }: OAuthFault,
): Response {
  log("info", "oauth.refused", { code: error, status, category: "request-shape" });
  const headers = new Headers({ "Cache-Control": "no-store", Pragma: "no-cache" });
  if (retryAfterSeconds !== undefined) headers.set("Retry-After", String(retryAfterSeconds));
  const origin = request.headers.get("origin");
  if (origin !== null) {
    headers.set("Access-Control-Allow-Origin", origin);
    headers.set("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After");
    headers.set("Vary", "Origin");
  }
  return Response.json({ error, error_description: description }, { status, headers });
}

/** RFC 6585, section 4. The code is one that clients know as "not now" (RFC 6749, section 4.1.2.1). */
export function tooManyOAuthRequests(request: Request): Response {
  return oauthRefusal(request, {
    status: 429,
    error: "temporarily_unavailable",
    description: `Too many requests. Wait ${RETRY_AFTER_SECONDS} seconds before you try again.`,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
