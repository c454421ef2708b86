import { isFields } from "./input.ts";
import type { People, Person } from "./people.ts";

export interface Translation {
  people: People;
  /** The web address of this GitHub, to which pages (not the API) belong. */
  url: string;
  /** The private repositories that may stand in lists. */
  visible: ReadonlySet<number>;
}

/** What the package says, in the numbers and names of this GitHub. */
export function translated(value: unknown, translation: Translation): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((item) => privateIdsOf(item).every((id) => translation.visible.has(id)))
      .map((item) => translated(item, translation));
  }
  if (!isFields(value)) return value;
  const entries = Object.entries(value).map(([key, member]) => [
    key,
    typeof member === "string"
      ? translatedText(key, member, translation)
      : translated(member, translation),
  ]);
  const { login } = value;
  const person = typeof login === "string" ? translation.people.byHome(login) : undefined;
  return { ...Object.fromEntries(entries), ...(person && "id" in value && identity(person)) };
}

/** Every private repository that a list in this answer names. */
export function privateIds(value: unknown): number[] {
  if (Array.isArray(value)) return value.flatMap(privateIdsOf);
  return isFields(value) ? Object.values(value).filter(Array.isArray).flatMap(privateIds) : [];
}

function privateIdsOf(item: unknown): number[] {
  if (!isFields(item)) return [];
  const own = item.private === true && typeof item.id === "number" ? [item.id] : [];
  return [...own, ...privateIdsOf(item.repository), ...privateIdsOf(item.repo)];
}

/** The package numbers its users from 1; people have the numbers of the seed. */
function identity(person: Person) {
  const nodeId = Buffer.from(`04:User${person.id}`).toString("base64");
  return { login: person.login, id: person.id, node_id: nodeId };
}

const PAGE_KEYS = new Set(["html_url", "avatar_url", "clone_url", "svn_url", "download_url"]);

function translatedText(key: string, text: string, { people, url }: Translation): string {
  if (key === "login") return people.byHome(text)?.login ?? text;
  if (key !== "full_name" && !key.endsWith("url") && key !== "href") return text;
  const page = PAGE_KEYS.has(key) ? text.replace(`${url}/api/v3`, url) : text;
  return people.renamed().reduce((result, { home, login }) => {
    return result.replace(new RegExp(`(^|/)${home}(?=[/{?]|$)`), `$1${login}`);
  }, page);
}
