import type { OAuthFault } from "../limits/oauth-fault.ts";
import { log } from "../log.ts";

/**
 * An OAuth error as a client reads it (RFC 6749, section 5.2). Pages of any origin may read it, as
 * they may read the OAuth library's: these endpoints know no cookies.
 */
export function oauthRefusal(
  request: Request,
  { status, error, description }: OAuthFault,
): Response {
  log("info", "oauth.refused", { code: error, status, category: "request-shape" });
  const headers = new Headers({ "Cache-Control": "no-store", Pragma: "no-cache" });
  const origin = request.headers.get("origin");
  if (origin !== null) {
    headers.set("Access-Control-Allow-Origin", origin);
    headers.set("Access-Control-Expose-Headers", "WWW-Authenticate, Retry-After");
    headers.set("Vary", "Origin");
  }
  return Response.json({ error, error_description: description }, { status, headers });
}
