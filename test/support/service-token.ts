import {
  newServiceToken,
  type ServiceTokenFacts,
  serviceTokenKey,
  serviceTokenUseKey,
} from "../../scripts/service-token.ts";
import { kvOf } from "./kv.ts";
import type { TestServer } from "./server.ts";

export interface IssuedToken {
  readonly id: string;
  readonly token: string;
  readonly facts: ServiceTokenFacts;
  /** Where KV keeps its record. */
  readonly key: string;
  /** Where KV keeps its last use. */
  readonly useKey: string;
}

type Site = Pick<TestServer, "harness">;

/** Seconds since 1970, as records have it. */
export function inSeconds(seconds: number): number {
  return Math.floor(Date.now() / 1000) + seconds;
}

/** A service token as `npm run token -- create` makes it, good for an hour. */
export async function issueServiceToken(
  site: Site,
  facts: Partial<ServiceTokenFacts> = {},
): Promise<IssuedToken> {
  const all: ServiceTokenFacts = {
    name: "ci",
    scopes: ["mcp:tools"],
    createdBy: "octocat@example.com",
    createdAt: inSeconds(0),
    expiresAt: inSeconds(3600),
    ...facts,
  };
  const { id, token, entry } = await newServiceToken(all);
  const { key, value, ...options } = entry;
  await (await kvOf(site)).put(key, value, options);
  return { id, token, facts: all, key: serviceTokenKey(id), useKey: serviceTokenUseKey(id) };
}

/** What `npm run token -- revoke` does. */
export async function revokeServiceToken(site: Site, { key, useKey }: IssuedToken): Promise<void> {
  const kv = await kvOf(site);
  await kv.delete(key);
  await kv.delete(useKey);
}
