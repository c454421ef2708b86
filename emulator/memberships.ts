import { type Answer, apiError, json, noContent, notFound } from "./answer.ts";
import type { ApiRequest } from "./api-request.ts";
import { mayUse, viewerOf } from "./caller.ts";
import { knownPerson } from "./control-tokens.ts";
import { BadInput, type Call, isFields, jsonFields } from "./input.ts";
import type { Person } from "./people.ts";
import { translated } from "./translate.ts";
import type { World } from "./world.ts";

/** What a test can make of a person's membership in an organisation; members are private ones. */
const CHANGES = ["active", "pending", "none"] as const;

export type MembershipChange = (typeof CHANGES)[number];

const keyOf = (org: string, person: Person) => `${org.toLowerCase()}/${person.id}`;

/** `PUT /_emulator/people/{login}/memberships/{org}`: all but `octo-org` exist only by this. */
export function changeMembership(world: World, call: Call, rest: string[]): Answer | undefined {
  const [login, , org, more] = rest;
  if (call.method !== "PUT" || !login || !org || more !== undefined) return undefined;
  const { state } = jsonFields(call.body);
  const change = CHANGES.find((known) => known === state);
  if (!change) throw new BadInput(`"state" must be one of ${CHANGES.join(", ")}.`);
  world.memberships.set(keyOf(org, knownPerson(world, login)), change);
  return noContent();
}

const NONE: ReadonlySet<number> = new Set();

/** `/user/memberships/orgs` and `/user/memberships/orgs/{org}`: one's own membership. */
export async function memberships({ world, call, parts, caller }: ApiRequest): Promise<Answer> {
  if (call.method !== "GET" || parts[2] !== "orgs" || parts.length > 4) return notFound();
  if (caller.kind !== "person" || !mayUse(caller, "read:org")) return needsReadOrg();
  const viewer = viewerOf(caller);

  const ask = async (path: string): Promise<unknown> => {
    const { status, body } = await world.upstream.ask({ home: viewer.home, path });
    return status === 200 ? JSON.parse(body.toString("utf8")) : undefined;
  };
  const membershipIn = (org: string) =>
    ask(`/orgs/${encodeURIComponent(org)}/memberships/${viewer.home}`);

  const org = parts[3];
  if (org) {
    const change = world.memberships.get(keyOf(org, caller.person));
    if (change === "none") return notFound();
    if (change) return json(200, { state: change, role: "member", organization: { login: org } });
    const membership = await membershipIn(org.toLowerCase());
    if (!membership) return notFound();
    return json(200, translated(membership, { ...world, visible: NONE }));
  }
  const orgs = await ask("/user/orgs");
  const logins = Array.isArray(orgs) ? orgs.filter(isFields).map(({ login }) => String(login)) : [];
  const own = await Promise.all(logins.map(membershipIn));
  return json(200, translated(own, { ...world, visible: NONE }));
}

export function needsReadOrg(): Answer {
  return apiError(403, "You need at least read:org scope to list your organizations.", {
    "x-accepted-oauth-scopes": "admin:org, read:org, repo, user, write:org",
  });
}
