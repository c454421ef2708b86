import type { ConsentDescription } from "@cloudflare/workers-oauth-provider";

import { ALL_SCOPES, BASELINE_SCOPES, isScope, type Scope, SCOPES } from "../auth/scopes.ts";
import type { Config } from "../config.ts";
import { removeInvisible } from "../tools/untrusted-text.ts";
import type { ConsentPageProps } from "./consent-page.tsx";

const MAX_NAME_CHARACTERS = 80;

/** A client chooses its own name: what cannot be seen is removed, and what is too long is cut. */
export function displayName(name: string): string {
  const characters = Array.from(removeInvisible(name).replace(/\s+/g, " ").trim());
  const cut = characters.slice(0, MAX_NAME_CHARACTERS).join("");
  if (cut === "") return "An app without a name";
  return characters.length > MAX_NAME_CHARACTERS ? `${cut}…` : cut;
}

/** The facts of the consent page, out of what the client claims and what the library verified. */
export function consentFacts(
  details: ConsentDescription,
  handle: string,
  githubHost: string,
): ConsentPageProps {
  return {
    clientName: displayName(details.clientName),
    ...(details.clientDomain !== undefined && { clientDomain: details.clientDomain }),
    redirectHost: details.redirectHost,
    redirectIsLoopback: details.redirectIsLoopback,
    scopes: ALL_SCOPES.map((scope) => ({
      scope,
      ...SCOPES[scope],
      fixed: BASELINE_SCOPES.includes(scope),
      checked: details.scope.includes(scope),
    })),
    handle,
    githubHost,
  };
}

/** What the person granted: the baseline, and what they ticked. */
export function grantedScopes(ticked: readonly string[]): Scope[] {
  const chosen = ticked.filter(isScope);
  return ALL_SCOPES.filter((scope) => BASELINE_SCOPES.includes(scope) || chosen.includes(scope));
}

/** What we ask GitHub for, as little as the grant needs. */
export function githubScopes(
  granted: readonly string[],
  { allowedOrgs }: Pick<Config, "allowedOrgs">,
): string[] {
  const scopes = ["read:user"];
  if (granted.includes("github:private")) scopes.push("repo");
  if (allowedOrgs.size > 0) scopes.push("read:org");
  return scopes;
}
