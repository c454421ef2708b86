import { randomUUID } from "node:crypto";

import { type Answer, apiError, notFound } from "./answer.ts";
import { type Caller, callerOf, mayUse } from "./caller.ts";
import { delegated } from "./delegate.ts";
import { type Call, segments } from "./input.ts";
import { installations } from "./installations.ts";
import { memberships, needsReadOrg } from "./memberships.ts";
import { numberedRepository, repository } from "./repository-routes.ts";
import { applications } from "./token-check.ts";
import type { IssuedToken } from "./tokens.ts";
import type { World } from "./world.ts";

const LIMIT_SIGNED_IN = 5000;
const LIMIT_ANONYMOUS = 60;

/** The REST API below `/api/v3`; `path` is what follows. */
export async function rest(world: World, call: Call, path: string): Promise<Answer> {
  const caller = callerOf(world, call);
  const answer = await answerTo(world, call, path, caller);
  return { ...answer, headers: { ...headersFor(world, caller), ...answer.headers } };
}

async function answerTo(world: World, call: Call, path: string, caller: Caller): Promise<Answer> {
  const parts = segments(path);
  if (!call.headers["user-agent"]) {
    return apiError(
      403,
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header.",
    );
  }
  if (parts[0] === "applications") return applications(world, call, parts);
  if (parts[0] === "app") return installations(world, call, parts);
  if (caller.kind === "stranger") return apiError(401, "Bad credentials");
  const reads = call.method === "GET" || call.method === "HEAD";
  if (caller.kind === "anonymous" && (!reads || parts[0] === "user")) {
    return apiError(401, "Requires authentication");
  }
  if (parts[0] === "user" && caller.kind === "person" && caller.issued.app === "installation") {
    return apiError(403, "Resource not accessible by integration");
  }
  if (!reads && !mayUse(caller, "repo") && !mayUse(caller, "public_repo")) return notFound();

  const request = { world, call, path, parts, caller };
  if (parts[0] === "repos" && parts.length >= 3) return repository(request);
  if (parts[0] === "repositories" && parts.length >= 2) return numberedRepository(request);
  if (parts[0] === "user" && parts[1] === "memberships") return memberships(request);
  if (parts[0] === "user" && parts[1] === "orgs" && !mayUse(caller, "read:org"))
    return needsReadOrg();
  if (parts[0] === "user" && parts[1] === "emails" && !mayUse(caller, "user:email"))
    return notFound();
  return delegated(request);
}

const isPersonal = ({ app }: IssuedToken) => app === "classic" || app === "fine-grained";

/** As GitHub writes it: 2026-12-24 18:00:00 UTC. */
function expiry(time: number): Record<string, string> {
  const text = new Date(time)
    .toISOString()
    .replace("T", " ")
    .replace(/\.\d+Z$/, " UTC");
  return { "github-authentication-token-expiration": text };
}

function headersFor({ limits }: World, caller: Caller): Record<string, string> {
  const common = {
    "x-github-request-id": randomUUID().slice(0, 23).toUpperCase().replaceAll("-", ":"),
    "x-github-media-type": "github.v3",
  };
  if (caller.kind !== "person")
    return { ...common, ...limits.headers("anonymous", LIMIT_ANONYMOUS) };
  const { issued, person } = caller;
  const scopes = { "x-oauth-scopes": issued.scopes.join(", ") };
  return {
    ...common,
    ...limits.headers(String(person.id), LIMIT_SIGNED_IN),
    ...(issued.app === "oauth" && { ...scopes, "x-oauth-client-id": issued.clientId }),
    ...(issued.app === "classic" && scopes),
    ...(isPersonal(issued) && issued.expiresAt !== null && expiry(issued.expiresAt)),
  };
}
