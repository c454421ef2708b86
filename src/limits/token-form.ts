import { isCodeVerifier, isCredential } from "./credential.ts";
import type { OAuthFault } from "./oauth-fault.ts";

const invalidGrant = (what: string): OAuthFault => ({
  status: 400,
  error: "invalid_grant",
  description: `The ${what} is not one that this server can have given out.`,
});

/**
 * What is wrong with a token or revocation request, as RFC 6749 (section 5.2) and RFC 7636
 * (section 4.6) name it; else `undefined`. Repeated parameters are refused by the OAuth library.
 */
export function faultOfTokenForm(form: URLSearchParams): OAuthFault | undefined {
  const code = form.get("code");
  const refreshToken = form.get("refresh_token");
  const verifier = form.get("code_verifier");
  if (!form.get("grant_type") && !form.get("token")) {
    return {
      status: 400,
      error: "invalid_request",
      description: "grant_type is missing, or token for a revocation.",
    };
  }
  if (code && !isCredential(code)) return invalidGrant("authorization code");
  if (refreshToken && !isCredential(refreshToken)) return invalidGrant("refresh token");
  if (verifier && !isCodeVerifier(verifier)) {
    return {
      status: 400,
      error: "invalid_grant",
      description: "code_verifier must be 43 to 128 unreserved characters.",
    };
  }
  return undefined;
}

/**
 * The form as it is handed on. A token that cannot be ours is unknown, and revoking one that is
 * unknown succeeds for a client that has authenticated (RFC 7009, section 2.2): a short unknown one
 * takes its place, so that it never becomes a key in storage.
 */
export function withoutImpossibleToken(form: URLSearchParams): URLSearchParams {
  const token = form.get("token");
  if (!token || isCredential(token)) return form;
  const handedOn = new URLSearchParams(form);
  handedOn.set("token", "unknown");
  return handedOn;
}
