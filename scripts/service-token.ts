import { ALL_SCOPES, isScope } from "../src/auth/scopes.ts";
import { hashOfServiceToken, makeServiceToken } from "../src/auth/service-token-format.ts";
import {
  SERVICE_TOKEN_KEYS,
  type ServiceTokenFacts,
  serviceTokenForgottenAt,
  serviceTokenKey,
  type ServiceTokenRecord,
  serviceTokenUseKey,
} from "../src/auth/service-token-record.ts";
import { InputError } from "./input-error.ts";

/** What scripts and tests know of the Worker's service tokens: one place, so that both agree on records. */

export type { ServiceTokenFacts };
export { SERVICE_TOKEN_KEYS, serviceTokenKey, serviceTokenUseKey };

/** One entry for KV, as `wrangler kv bulk put` reads it. */
export interface KvEntry {
  readonly key: string;
  readonly value: string;
  readonly metadata: ServiceTokenFacts;
  /** Seconds since 1970. */
  readonly expiration: number;
}

export interface NewServiceToken {
  readonly id: string;
  /** Shown once, and kept nowhere. */
  readonly token: string;
  readonly entry: KvEntry;
}

export async function newServiceToken(facts: ServiceTokenFacts): Promise<NewServiceToken> {
  const { id, token } = makeServiceToken();
  const record: ServiceTokenRecord = { ...facts, hash: await hashOfServiceToken(token) };
  const entry = {
    key: serviceTokenKey(id),
    value: JSON.stringify(record),
    metadata: facts,
    expiration: serviceTokenForgottenAt(facts),
  };
  return { id, token, entry };
}

/** Scopes from a text that separates them with spaces or commas. */
export function scopesFrom(text: string): string[] {
  const scopes = [...new Set(text.split(/[\s,]+/).filter((word) => word !== ""))];
  const unknown = scopes.filter((scope) => !isScope(scope));
  if (unknown.length > 0) {
    throw new InputError(
      `There is no scope ${unknown.join(", ")}. The scopes are: ${ALL_SCOPES.join(" ")}.`,
    );
  }
  if (!scopes.includes("mcp:tools")) {
    throw new InputError("--scopes needs mcp:tools: without it, nothing can be called.");
  }
  return scopes;
}
