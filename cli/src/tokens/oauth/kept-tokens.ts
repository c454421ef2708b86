import type { OAuthTokens } from "@modelcontextprotocol/client";

import type { KeptTokens } from "./sign-in-record.ts";

export interface GrantFacts extends Pick<KeptTokens, "issuer" | "signedInAt"> {
  /** The scopes that stand where the server names none (RFC 6749, section 5.1). */
  readonly asked: string | undefined;
}

/** What is kept of a grant. */
export function keptTokens(
  granted: OAuthTokens,
  { issuer, signedInAt, asked }: GrantFacts,
): KeptTokens {
  const issuedAt = Date.now();
  const { access_token, token_type, refresh_token, expires_in, scope = asked } = granted;
  const expiresAt = expires_in === undefined ? undefined : issuedAt + expires_in * 1000;
  return {
    access_token,
    token_type,
    refresh_token,
    scope,
    issuer,
    issuedAt,
    expiresAt,
    signedInAt,
  };
}
