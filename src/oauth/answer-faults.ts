import { logCrash } from "../log.ts";
import { isStorageFault, STORAGE_RETRY_SECONDS } from "../storage.ts";
import type { OAuthEndpoint } from "./authorization-server.ts";
import { oauthRefusal } from "./oauth-refusal.ts";

/**
 * An endpoint that says in OAuth's words when it failed: programs ask it, and one that is told of a
 * passing fault keeps what it has and tries again.
 */
export function answeringFaults(
  endpoint: (...incoming: Parameters<OAuthEndpoint>) => Response | Promise<Response>,
): OAuthEndpoint {
  return async (request, env, ctx) => {
    try {
      return await endpoint(request, env, ctx);
    } catch (error) {
      logCrash("oauth.crashed", error);
      return isStorageFault(error)
        ? oauthRefusal(request, {
            status: 503,
            error: "temporarily_unavailable",
            description: "This server's storage did not answer. Nothing is lost. Try again.",
            retryAfterSeconds: STORAGE_RETRY_SECONDS,
          })
        : oauthRefusal(request, {
            status: 500,
            error: "server_error",
            description: "This server failed to answer. Try again; if it stays, tell its operator.",
          });
    }
  };
}
