import { claimedClientId } from "../limits/claimed-client-id.ts";
import { faultOfClientId } from "../limits/client-id.ts";
import { receiveOAuthBody } from "../limits/oauth-body.ts";
import { faultOfTokenForm, withoutImpossibleToken } from "../limits/token-form.ts";
import type { OAuthEndpoint } from "./authorization-server.ts";
import { beforeDeadline, DocumentLate } from "./client-document.ts";
import { oauthRefusal } from "./oauth-refusal.ts";

/** Codes, tokens and a signed assertion of up to 16 KiB. */
const MAX_FORM_BYTES = 64 * 1024;

const FORM_TYPE = "application/x-www-form-urlencoded";

function isForm(contentType: string | null): boolean {
  return contentType?.split(";")[0]?.trim().toLowerCase() === FORM_TYPE;
}

/** RFC 9110, section 15.5.2: every 401 says how to authenticate. The library's do only for HTTP Basic. */
function withChallenge(response: Response): Response {
  if (response.status !== 401 || response.headers.has("www-authenticate")) return response;
  const answer = new Response(response.body, response);
  answer.headers.set("WWW-Authenticate", 'Basic realm="OAuth"');
  return answer;
}

/**
 * `/token`, which takes revocations (RFC 7009) as well: sizes and shapes are checked before the
 * OAuth library makes keys of them in storage, or loads a client's document.
 */
export function tokenEndpoint(answer: OAuthEndpoint): OAuthEndpoint {
  return async (request, env, ctx) => {
    const body = await receiveOAuthBody(request, MAX_FORM_BYTES);
    if (typeof body !== "string") return oauthRefusal(request, body);
    const { url, method, headers } = request;
    if (method !== "POST" || !isForm(headers.get("content-type"))) {
      return answer(new Request(url, { method, headers }), env, ctx);
    }
    const form = new URLSearchParams(body);
    const fault = faultOfTokenForm(form);
    if (fault) return oauthRefusal(request, fault);

    const clientId = claimedClientId(form, headers.get("authorization") ?? "") ?? "";
    const description = faultOfClientId(clientId, new URL(url).hostname);
    if (description) {
      const refusal = oauthRefusal(request, { status: 401, error: "invalid_client", description });
      return withChallenge(refusal);
    }

    const handedOn = new Request(url, { method, headers, body: withoutImpossibleToken(form) });
    const answered = answer(handedOn, env, ctx);
    // What GitHub has renewed must be stored, also for a client that no longer waits.
    ctx.waitUntil(Promise.allSettled([answered]));
    try {
      return withChallenge(await beforeDeadline(clientId, answered));
    } catch (error) {
      if (!(error instanceof DocumentLate)) throw error;
      return oauthRefusal(request, {
        status: 400,
        error: "temporarily_unavailable",
        description: "The client's metadata document did not load in time. Try again.",
      });
    }
  };
}
