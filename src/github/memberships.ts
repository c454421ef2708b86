import * as z from "zod";

import { ToolError } from "../errors.ts";
import type { GitHubClient } from "./client.ts";
import { unreadable } from "./errors.ts";

const membershipSchema = z.object({ state: z.enum(["active", "pending"]) });

/**
 * What GitHub says to people who are no members, to those who have not signed in by the
 * organisation's single sign-on, and where the organisation has not approved this app.
 */
const NO_MEMBER = new Set(["not_found", "forbidden", "sso_required"]);

/**
 * Whether the signed-in person is a member of an organisation, also where they keep that private;
 * an invitation is no membership. It takes the scope read:org, or a GitHub App's permission to read
 * members. Throws `ToolError` when GitHub gives no answer to that.
 */
export async function isMember(client: GitHubClient, org: string): Promise<boolean> {
  try {
    const { data } = await client.rest.orgs.getMembershipForAuthenticatedUser({ org });
    const membership = membershipSchema.safeParse(data);
    if (!membership.success) throw unreadable();
    return membership.data.state === "active";
  } catch (error) {
    if (error instanceof ToolError && NO_MEMBER.has(error.code)) return false;
    throw error;
  }
}
