import {
  AuthorizationError,
  type AuthorizationErrorCode,
  type AuthRequest,
  type ConsentDescription,
} from "@cloudflare/workers-oauth-provider";

import type { OAuthApi } from "./authorization-server.ts";
import { checkClientDocument, withDocument } from "./client-document.ts";

/** RFC 7636, section 4.2: an S256 challenge is 43 characters of base64url. */
const S256_CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

/** RFC 6749, section 3.3. */
const SCOPE_TOKEN = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

function refuse(request: AuthRequest, code: AuthorizationErrorCode, description: string) {
  const { redirectUri, state, issuer } = request;
  return new AuthorizationError(code, { description, redirectUri, state, issuer });
}

/**
 * Reads an authorization request, and what a person must know of it. What the OAuth library lets
 * pass and we do not goes back to the client (RFC 6749, section 4.1.2.1): MCP asks every client for
 * PKCE, also one with a secret. Scopes that do not exist are left out later (section 3.3); what is
 * no scope at all is refused. Throws `AuthorizationError` and `CimdFetchError`.
 */
export async function readAuthorizationRequest(
  oauth: OAuthApi,
  raw: Request,
): Promise<{ request: AuthRequest; details: ConsentDescription }> {
  const clientId = new URL(raw.url).searchParams.get("client_id") ?? "";
  const read = async () => {
    await checkClientDocument(clientId);
    const request = await oauth.parseAuthRequest(raw);
    if (!S256_CHALLENGE.test(request.codeChallenge ?? "")) {
      throw refuse(request, "invalid_request", "PKCE with an S256 challenge is required.");
    }
    if (!request.scope.every((scope) => SCOPE_TOKEN.test(scope))) {
      throw refuse(request, "invalid_scope", "A scope contains characters that none may contain.");
    }
    return { request, details: await oauth.describeConsent(request) };
  };
  return withDocument(clientId, read());
}
