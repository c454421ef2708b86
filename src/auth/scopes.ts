/** What a grant may allow, in the words of the consent page. */
export const SCOPES = {
  "mcp:tools": {
    title: "Use this server's tools",
    detail: "List the tools and call those that need no data of yours.",
  },
  "github:read": {
    title: "Read your profile and public data on GitHub",
    detail: "Your public profile, and what anyone can see: public repositories and their files.",
  },
  "github:private": {
    title: "Read your private repositories",
    detail:
      "GitHub has no read-only scope for this: it will ask for full access to your repositories. This server only reads.",
  },
} as const;

export type Scope = keyof typeof SCOPES;

export const ALL_SCOPES: Scope[] = Object.keys(SCOPES).filter(isScope);

/** Every sign-in gets these, whatever the client asked for: the basic tools then always work. */
export const BASELINE_SCOPES: readonly Scope[] = ["mcp:tools", "github:read"];

export function isScope(value: string): value is Scope {
  return Object.hasOwn(SCOPES, value);
}
