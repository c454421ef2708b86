/** What is said of a service token wherever tokens are listed. All times are in seconds since 1970. */
export interface ServiceTokenFacts {
  /** What people call it: no two living tokens share it. */
  readonly name: string;
  readonly scopes: readonly string[];
  /** Who made it, as they said. */
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What KV keeps of a service token. Its facts are the key's metadata as well, for lists. */
export interface ServiceTokenRecord extends ServiceTokenFacts {
  /** SHA-256 of the token, in base64url. */
  readonly hash: string;
}

/** For how long a token that ended is still known, so that its owner is told that it ended. */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** With it begin the keys of all records about service tokens. */
export const SERVICE_TOKEN_KEYS = "service-token";

export function serviceTokenKey(id: string): string {
  return `${SERVICE_TOKEN_KEYS}:${id}`;
}

/**
 * Where the last use is noted, in the metadata `{at}`. Not in the record itself: a late write would
 * bring a revoked token back.
 */
export function serviceTokenUseKey(id: string): string {
  return `${SERVICE_TOKEN_KEYS}-use:${id}`;
}

/** When KV forgets all that it knows of a token. */
export function serviceTokenForgottenAt({
  expiresAt,
}: Pick<ServiceTokenFacts, "expiresAt">): number {
  return expiresAt + KEPT_SECONDS;
}
