import { beforeDeadline } from "../deadline.ts";
import { StorageOutage } from "../errors.ts";
import { claimedClientId } from "../limits/claimed-client-id.ts";
import { faultOfClientId } from "../limits/client-id.ts";
import { receiveOAuthBody } from "../limits/oauth-body.ts";
import type { RateLimits } from "../limits/rate-limits.ts";
import { faultOfTokenForm, withoutImpossibleToken } from "../limits/token-form.ts";
import { logCrash } from "../log.ts";
import { currentRequest, REQUEST_ID_HEADER } from "../request-context.ts";
import { STORAGE_RETRY_SECONDS } from "../storage.ts";
import type { OAuthEndpoint } from "./authorization-server.ts";
import { DocumentLate, withDocument } from "./client-document.ts";
import { oauthRefusal, tooManyOAuthRequests } from "./oauth-refusal.ts";
import { type PresentedToken, presentedToken, withUnknownToken } from "./presented-token.ts";

/** Codes, tokens and a signed assertion of up to 16 KiB. */
const MAX_FORM_BYTES = 64 * 1024;

/** Requests of one grant wait for each other, and each may wait for storage and for GitHub. */
const GRANT_MS = 8_500;

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

/** Whether KV knows a token's grant as one of this client, at this place. */
async function isGrantOf(
  clientId: string,
  { grant }: PresentedToken,
  { OAUTH_KV }: Env,
): Promise<boolean> {
  const stored = await OAUTH_KV.get<{ clientId: string }>(`grant:${grant}`, "json");
  return stored?.clientId === clientId;
}

/** The grant's own object answers. A client keeps its tokens, and tries again, when it cannot. */
async function askGrant(
  request: Request,
  { grant }: PresentedToken,
  env: Env,
  ctx: ExecutionContext,
): Promise<Response> {
  request.headers.set(REQUEST_ID_HEADER, currentRequest().requestId);
  const answer = env.GRANT_OBJECT.getByName(grant).fetch(request);
  // What GitHub has renewed must be stored, also for a client that no longer waits.
  ctx.waitUntil(Promise.allSettled([answer]));
  try {
    return await beforeDeadline(answer, GRANT_MS, () => new StorageOutage("The grant is busy."));
  } catch (error) {
    logCrash("grant.unavailable", error);
    return oauthRefusal(request, {
      status: 503,
      error: "temporarily_unavailable",
      description: "This sign-in could not be looked at. Try again.",
      retryAfterSeconds: STORAGE_RETRY_SECONDS,
    });
  }
}

/**
 * `/token`, which takes revocations (RFC 7009) as well: sizes and shapes are checked before the
 * OAuth library makes keys of them in storage, or loads a client's document.
 */
export function tokenEndpoint(answer: OAuthEndpoint, limits: RateLimits): OAuthEndpoint {
  return async (request, env, ctx) => {
    const body = await receiveOAuthBody(request, MAX_FORM_BYTES);
    if (typeof body !== "string") return oauthRefusal(request, body);
    const { url, method, headers } = request;
    if (method !== "POST" || !isForm(headers.get("content-type"))) {
      return answer(new Request(url, { method, headers }), env, ctx);
    }
    const sent = new URLSearchParams(body);
    const fault = faultOfTokenForm(sent);
    if (fault) return oauthRefusal(request, fault);
    const form = withoutImpossibleToken(sent);

    const clientId = claimedClientId(form, headers.get("authorization") ?? "") ?? "";
    const description = faultOfClientId(clientId, new URL(url).hostname);
    if (description) {
      const refusal = oauthRefusal(request, { status: 401, error: "invalid_client", description });
      return withChallenge(refusal);
    }

    const handOn = (form: URLSearchParams) => new Request(url, { method, headers, body: form });
    const route = async () => {
      const presented = presentedToken(form);
      if (!presented) return answer(handOn(form), env, ctx);
      if (await isGrantOf(clientId, presented, env)) {
        const isAdmitted = await limits.token.admits(presented.grant);
        return isAdmitted
          ? askGrant(handOn(form), presented, env, ctx)
          : tooManyOAuthRequests(request);
      }
      // Only a grant's own object lets the library see its tokens.
      return answer(handOn(withUnknownToken(form, presented)), env, ctx);
    };
    try {
      return withChallenge(await withDocument(clientId, route()));
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
