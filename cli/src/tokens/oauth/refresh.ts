import {
  type AuthorizationServerMetadata,
  type FetchLike,
  OAuthError,
  refreshAuthorization,
} from "@modelcontextprotocol/client";

import { keptTokens } from "./kept-tokens.ts";
import type { SignInRecord } from "./sign-in-record.ts";

/** Codes that say nothing of the refresh token (RFC 6749, section 4.1.2.1). */
const LATER = new Set([
  "server_error",
  "temporarily_unavailable",
  "too_many_requests",
  "slow_down",
]);

/** How the SDK tells of an answer of the client's fault that is no OAuth error; 408 and 429 pass. */
const REFUSED = /^HTTP 4(?!08|29)\d\d: /;

export interface Refreshed {
  /** With other tokens; or without what the authorization server does not take any more. */
  readonly record: SignInRecord;
  readonly isFresh: boolean;
}

/**
 * Refreshes what was granted. Rejects, as the SDK does, where trying later may help: an authorization
 * server that is down for a moment is no reason to sign in again.
 */
export async function refresh(
  record: SignInRecord,
  metadata: AuthorizationServerMetadata | undefined,
  fetchFn: FetchLike,
): Promise<Refreshed> {
  const { authorizationServer, client, tokens, resource } = record;
  if (!authorizationServer || !client || !tokens?.refresh_token) return { record, isFresh: false };
  try {
    const granted = await refreshAuthorization(authorizationServer.url, {
      clientInformation: client,
      refreshToken: tokens.refresh_token,
      fetchFn,
      ...(metadata && { metadata }),
      ...(resource !== undefined && { resource }),
    });
    const fresh = keptTokens(granted, { ...tokens, asked: tokens.scope });
    return { record: { ...record, tokens: fresh }, isFresh: true };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    if (LATER.has(error.code) && !REFUSED.test(error.message)) throw error;
    return { record: without(record, error.code), isFresh: false };
  }
}

/** Forgets the refresh token, and a client that is not known any more: it registers anew. */
function without(record: SignInRecord, code: string): SignInRecord {
  const { tokens, client, ...others } = record;
  const isUnknown = code === "invalid_client" || code === "unauthorized_client";
  return {
    ...others,
    ...(client && !(isUnknown && client.registered) && { client }),
    ...(tokens && { tokens: { ...tokens, refresh_token: undefined } }),
  };
}
