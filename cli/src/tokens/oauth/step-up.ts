import { computeScopeUnion, isStrictScopeSuperset } from "@modelcontextprotocol/client";

import { BridgeError } from "../../bridge-error.ts";
import type { Refusal } from "../../http/refusal.ts";
import type { SignInRecord } from "./sign-in-record.ts";

/**
 * The scopes to ask for: `--scope` in place of what the server names; for a request that needs more
 * than the token has, both (MCP 2026-07-28, authorization, scope challenge handling).
 */
export function scopeFor(
  refusal: Refusal,
  chosen: string | undefined,
  record: SignInRecord | undefined,
): string | undefined {
  if (refusal.status === 401) return chosen ?? refusal.scope;
  return computeScopeUnion(chosen, record?.tokens?.scope, refusal.scope);
}

/** Whether the token lacks some of the scopes, as far as its server said which it has. */
export function lacks(record: SignInRecord | undefined, scope: string | undefined): boolean {
  return isStrictScopeSuperset(scope, record?.tokens?.scope);
}

/** Signing in brought, or would bring, no scope that the token does not have. */
export function noMoreScopes(): BridgeError {
  return new BridgeError("The server asks for more scopes, and signing in again brings no more.", {
    advice: SCOPE_ADVICE,
  });
}

export const SCOPE_ADVICE =
  "Check what this account may do there; to choose again, run mcp-bridge logout and sign in.";
