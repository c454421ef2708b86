import { type Answer, apiError, json, notFound } from "./answer.ts";
import type { ApiRequest } from "./api-request.ts";
import { mayUse, viewerOf } from "./caller.ts";
import { isFields } from "./input.ts";
import { translated } from "./translate.ts";

const NONE: ReadonlySet<number> = new Set();

/** `/user/memberships/orgs` and `/user/memberships/orgs/{org}`: one's own membership. */
export async function memberships({ world, call, parts, caller }: ApiRequest): Promise<Answer> {
  if (call.method !== "GET" || parts[2] !== "orgs" || parts.length > 4) return notFound();
  if (!mayUse(caller, "read:org")) return needsReadOrg();
  const viewer = viewerOf(caller);

  const ask = async (path: string): Promise<unknown> => {
    const { status, body } = await world.upstream.ask({ home: viewer.home, path });
    return status === 200 ? JSON.parse(body.toString("utf8")) : undefined;
  };
  const membershipIn = (org: string) =>
    ask(`/orgs/${encodeURIComponent(org)}/memberships/${viewer.home}`);

  const org = parts[3];
  if (org) {
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
