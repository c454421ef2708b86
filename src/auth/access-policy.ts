import type { Config } from "../config.ts";
import type { GitHubClient } from "../github/client.ts";
import { isMember } from "../github/memberships.ts";
import type { Person } from "./identity.ts";

/** Who may use this server, as its operator set it. */
export type AccessPolicy = Pick<Config, "allowedLogins" | "allowedOrgs" | "contact">;

type Admission =
  | "admitted"
  | "refused"
  /** Only GitHub knows. */
  | "membership decides";

/** What can be said without asking GitHub. With both lists empty everyone may enter. */
export function admissionOf(
  { allowedLogins, allowedOrgs }: AccessPolicy,
  { login }: Person,
): Admission {
  if (allowedLogins.has(login.toLowerCase())) return "admitted";
  if (allowedOrgs.size > 0) return "membership decides";
  return allowedLogins.size === 0 ? "admitted" : "refused";
}

/**
 * Whether a person may use this server: everyone, or who is on the list of logins, or a member of a
 * listed organisation by GitHub's word under the person's own token. Throws `ToolError` when GitHub
 * gives no answer.
 */
export async function mayEnter(
  policy: AccessPolicy,
  identity: Person,
  client: GitHubClient,
): Promise<boolean> {
  const admission = admissionOf(policy, identity);
  if (admission !== "membership decides") return admission === "admitted";
  for (const org of policy.allowedOrgs) if (await isMember(client, org)) return true;
  return false;
}

/** What a client is told of a person whom this server does not admit, for its log or its user. */
export function refusalText({ contact = "its operator" }: AccessPolicy): string {
  const text = `This server is only for people whom its operator has named. Ask ${contact}.`;
  // RFC 6749, section 4.1.2.1: printable ASCII without quotation mark and backslash.
  const plain = text.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll('"', "'");
  return plain.replaceAll(/[^\x20-\x7e]|\\/g, "?");
}
