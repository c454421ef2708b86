import * as z from "zod";

import type { GitHubClient } from "./client.ts";
import { unreadable } from "./errors.ts";

const ownerSchema = z.object({ id: z.number().int().positive(), login: z.string().min(1) });

/** Whose a token is, and what GitHub says about it. */
export interface TokenOwner {
  readonly id: number;
  readonly login: string;
  /** Of a classic token; a fine-grained one has permissions instead, which only its use shows. */
  readonly scopes: readonly string[] | undefined;
  /** Seconds since the Unix epoch; absent for a token that does not expire. */
  readonly expiresAt: number | undefined;
}

/** GitHub writes `2026-12-24 18:00:00 UTC`, or an offset instead of the name. */
function secondsOf(expiry: string | undefined): number | undefined {
  const milliseconds = Date.parse((expiry ?? "").replace(" UTC", "Z"));
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** A header that Octokit's types do not know. */
function expiryOf(headers: object): string | undefined {
  const expiry: unknown = Reflect.get(headers, "github-authentication-token-expiration");
  return typeof expiry === "string" ? expiry : undefined;
}

/** Asks GitHub whose token a client uses. Throws `ToolError`. */
export async function fetchTokenOwner(client: GitHubClient): Promise<TokenOwner> {
  const { data, headers } = await client.rest.users.getAuthenticated();
  const owner = ownerSchema.safeParse(data);
  if (!owner.success) throw unreadable();
  const scopes = headers["x-oauth-scopes"];
  return {
    ...owner.data,
    scopes: scopes?.split(",").map((scope) => scope.trim()),
    expiresAt: secondsOf(expiryOf(headers)),
  };
}
