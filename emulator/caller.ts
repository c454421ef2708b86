import type { Call } from "./input.ts";
import type { Person } from "./people.ts";
import { covers } from "./scopes.ts";
import type { IssuedToken } from "./tokens.ts";
import { NOBODY } from "./upstream.ts";
import type { World } from "./world.ts";

/** Who asks the API. */
export type Caller =
  | { kind: "anonymous" }
  | { kind: "stranger" }
  | { kind: "person"; person: Person; issued: IssuedToken };

export function callerOf(world: World, call: Call): Caller {
  const { authorization } = call.headers;
  if (authorization === undefined) return { kind: "anonymous" };
  const issued = world.tokens.live(bearerToken(authorization) ?? "");
  const person = issued && world.people.byId(issued.userId);
  return person ? { kind: "person", person, issued } : { kind: "stranger" };
}

export function bearerToken(authorization: string | undefined): string | undefined {
  return /^(?:bearer|token)\s+(\S+)\s*$/i.exec(authorization ?? "")?.[1];
}

/** Tokens without scopes may do here what their person may. */
export function mayUse(caller: Caller, scope: string): boolean {
  if (caller.kind !== "person") return false;
  const hasScopes = caller.issued.app === "oauth" || caller.issued.app === "classic";
  return !hasScopes || covers(caller.issued.scopes, scope);
}

export function viewerOf(caller: Caller) {
  const home = caller.kind === "person" ? caller.person.home : NOBODY;
  return { home, readsPrivate: mayUse(caller, "repo") };
}
