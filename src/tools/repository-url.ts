import { ToolError } from "../errors.ts";
import type { RepositoryName } from "../github/readme.ts";

const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$/;
const REPOSITORY = /^[A-Za-z0-9._-]{1,100}$/;
const BARE_NAME = /^[^/:@?#\s]+\/[^/:@?#\s]+$/;
const MAX_LENGTH = 300;

function refuse(): never {
  throw new ToolError(
    "invalid_input",
    "repositoryUrl does not name a repository on this GitHub. Write it as https://github.com/owner/repo or owner/repo.",
  );
}

function toName(owner: string, name: string): RepositoryName {
  const repo = name.replace(/\.git$/, "");
  if (!OWNER.test(owner) || !REPOSITORY.test(repo) || repo === "." || repo === "..") refuse();
  return { owner, repo };
}

/** `https://host/owner/repo`, in the spellings people paste: without the scheme, with www, .git or a last slash. */
function fromUrl(text: string, host: string): RepositoryName {
  const written = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  const url = URL.canParse(written) ? new URL(written) : refuse();
  const isThisGitHub = url.host === host || url.host === `www.${host}`;
  const isPlain = !url.username && !url.password && !url.search && !url.hash;
  // URL parsing resolves dot segments and drops tabs, so what was typed has to be what was parsed.
  const typed = written.slice(written.indexOf("//") + 2).replace(/^[^/]*/, "");
  if (!isThisGitHub || !isPlain || !/^https?:\/\//i.test(written) || typed !== url.pathname)
    refuse();
  const [owner = "", repo = "", ...rest] = url.pathname.slice(1).replace(/\/$/, "").split("/");
  return rest.length === 0 ? toName(owner, repo) : refuse();
}

/** Reads a repository's name from what a person or a model writes. Throws `ToolError` for all else. */
export function parseRepositoryUrl(text: string, host: string): RepositoryName {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) refuse();
  if (!BARE_NAME.test(trimmed)) return fromUrl(trimmed, host);
  const [owner = "", repo = ""] = trimmed.split("/");
  return toName(owner, repo);
}
