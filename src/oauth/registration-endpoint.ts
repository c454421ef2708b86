import { receiveOAuthBody } from "../limits/oauth-body.ts";
import { faultOfRegistration } from "../limits/registration.ts";
import type { OAuthEndpoint } from "./authorization-server.ts";
import { oauthRefusal } from "./oauth-refusal.ts";

/** Ten redirect URIs, a name and a few addresses. Whoever registers is a stranger. */
const MAX_REGISTRATION_BYTES = 16 * 1024;

/** Only JSON makes a browser ask first whether a page of another site may send it. */
function isJson(contentType: string | null): boolean {
  return /^application\/json[ \t]*(?:;|$)/i.test(contentType ?? "");
}

/** `/register` (RFC 7591): what is stored for a stranger is small, and of the right shape. */
export function registrationEndpoint(register: OAuthEndpoint): OAuthEndpoint {
  return async (request, env, ctx) => {
    const body = await receiveOAuthBody(request, MAX_REGISTRATION_BYTES);
    if (typeof body !== "string") return oauthRefusal(request, body);
    const { url, method, headers } = request;
    if (method !== "POST") return register(new Request(url, { method, headers }), env, ctx);
    if (!isJson(headers.get("content-type"))) {
      return oauthRefusal(request, {
        status: 415,
        error: "invalid_request",
        description: "Send the client metadata as application/json.",
      });
    }
    const fault = faultOfRegistration(body);
    if (fault) return oauthRefusal(request, fault);
    return register(new Request(url, { method, headers, body }), env, ctx);
  };
}
