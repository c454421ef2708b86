import { ConfigError } from "../errors.ts";
import type { Principal } from "../setting-types.ts";
import { ALL_SCOPES, BASELINE_SCOPES, isScope } from "./scopes.ts";

/** What a verified ID token says of its owner. Google has verified the address. */
export interface GoogleAccount {
  readonly email: string;
  /** The Workspace domain that the account belongs to; service accounts and private ones have none. */
  readonly hd?: string | undefined;
}

/** Throws {@link ConfigError} for a scope that there is not: it would allow nothing, unnoticed. */
export function checkPrincipals(principals: readonly Principal[]): void {
  const words = new Set(principals.flatMap(({ scopes }) => scopes));
  const unknown = [...words].filter((word) => !isScope(word));
  if (unknown.length === 0) return;
  const fault = `no scope is named ${unknown.join(", ")}; the scopes are ${ALL_SCOPES.join(", ")}`;
  throw new ConfigError(`The Worker is not configured.\n✖ ${fault}\n  → at GOOGLE_PRINCIPALS`);
}

/**
 * What a Google account may do here; `undefined` for one that nobody listed. Its address counts
 * before its domain. The domain is the one that Google vouches for (`hd`): an address may end in a
 * domain whose owner never heard of the account.
 */
export function scopesOf(
  principals: readonly Principal[],
  { email, hd }: GoogleAccount,
): readonly string[] | undefined {
  const isDomain = ({ kind }: Principal) => kind === "domain";
  const found =
    principals.find((each) => !isDomain(each) && each.name === email.toLowerCase()) ??
    principals.find((each) => isDomain(each) && each.name === hd?.toLowerCase());
  return found && (found.scopes.length > 0 ? found.scopes : BASELINE_SCOPES);
}
