import * as z from "zod";

import type { GitHubClient } from "./client.ts";
import { unreadable } from "./errors.ts";

const text = z.string().nullable();
const count = z.number().int().nullable();

/** What a model can use of a profile; GitHub's answer has four times as many fields. */
export const profileSchema = z.object({
  login: z.string(),
  id: z.number().int().positive().describe("Stays the same when the login changes"),
  name: text,
  bio: text,
  company: text,
  location: text,
  blog: text,
  email: text.describe("The public address, if there is one"),
  html_url: z.string(),
  avatar_url: text,
  public_repos: count,
  followers: count,
  following: count,
  created_at: text,
});

export type Profile = z.infer<typeof profileSchema>;

/** GitHub leaves out, empties or nulls what a person did not fill in; here that is always null. */
function pickFields(data: object): Record<string, unknown> {
  const answer = new Map<string, unknown>(Object.entries(data));
  const valueOf = (field: string) =>
    answer.get(field) === "" ? null : (answer.get(field) ?? null);
  return Object.fromEntries(
    Object.keys(profileSchema.shape).map((field) => [field, valueOf(field)]),
  );
}

/** The signed-in person's own profile. */
export async function fetchProfile(client: GitHubClient): Promise<Profile> {
  const { data } = await client.rest.users.getAuthenticated();
  // The type is GitHub's promise; what came may be any JSON, or none.
  const isObject = typeof data === "object" && data !== null;
  const profile = profileSchema.safeParse(isObject ? pickFields(data) : undefined);
  if (!profile.success) throw unreadable();
  return profile.data;
}
