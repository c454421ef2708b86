/** GitHub's classic scopes, each with the scopes it brings along. */
const INCLUDES: Record<string, readonly string[]> = {
  repo: ["public_repo", "repo:status", "repo_deployment", "repo:invite", "security_events"],
  "admin:org": ["write:org", "read:org"],
  "write:org": ["read:org"],
  user: ["read:user", "user:email", "user:follow"],
  "admin:repo_hook": ["write:repo_hook", "read:repo_hook"],
  "write:repo_hook": ["read:repo_hook"],
  "admin:public_key": ["write:public_key", "read:public_key"],
  "write:packages": ["read:packages"],
};

const STANDALONE = ["delete_repo", "gist", "notifications", "project", "workflow"];

const KNOWN = new Set([...Object.entries(INCLUDES).flatMap(([k, v]) => [k, ...v]), ...STANDALONE]);

/** Drops what GitHub does not know and what another scope brings along; sorts the rest. */
export function normalizedScopes(asked: readonly string[]): string[] {
  const known = new Set(asked.filter((scope) => KNOWN.has(scope)));
  const included = new Set([...known].flatMap((scope) => INCLUDES[scope] ?? []));
  return [...known].filter((scope) => !included.has(scope)).toSorted();
}

export function parsedScopes(text: string): string[] {
  return normalizedScopes(text.split(/[\s,]+/).filter(Boolean));
}

export function covers(scopes: readonly string[], needed: string): boolean {
  return scopes.some((scope) => scope === needed || INCLUDES[scope]?.includes(needed));
}
