import { ToolError } from "../errors.ts";
import type { RepositoryName } from "../github/readme.ts";

const OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9_-]{0,38})$/;
const REPOSITORY = /^[A-Za-z0-9._-]{1,100}$/;
const SCHEME = /^https?:\/\//i;

function refuse(): never {
  throw new ToolError(
    "invalid_input",
    "repositoryUrl does not name a repository on this GitHub. Write it as https://github.com/owner/repo or owner/repo.",
  );
}

/** What follows the host of an address on this GitHub, or the whole text when it is no address. */
function pathOf(text: string, host: string): string {
  const address = text.replace(SCHEME, "");
  const slash = address.indexOf("/");
  // Compared as typed: a URL parser drops tabs and line ends, and reads look-alikes as ASCII.
  const typedHost = address.slice(0, slash).toLowerCase();
  if (typedHost === host || typedHost === `www.${host}`) return address.slice(slash + 1);
  return address === text ? text : refuse();
}

/**
 * Reads a repository's name from what a person or a model writes: owner/repo, or an address on
 * `host` in the spellings that people paste. Throws `ToolError` for all else.
 */
export function parseRepositoryUrl(text: string, host: string): RepositoryName {
  const path = pathOf(text.trim(), host).replace(/\/$/, "");
  const [owner = "", name = "", ...rest] = path.split("/");
  const repo = name.replace(/\.git$/, "");
  const isName = OWNER.test(owner) && REPOSITORY.test(repo) && repo !== "." && repo !== "..";
  return isName && rest.length === 0 ? { owner, repo } : refuse();
}
