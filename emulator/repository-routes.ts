import { type Answer, json, notFound } from "./answer.ts";
import type { ApiRequest } from "./api-request.ts";
import { viewerOf } from "./caller.ts";
import { delegated } from "./delegate.ts";
import { readmeAnswer } from "./readme.ts";
import type { Repository } from "./repositories.ts";

/** `/repos/{owner}/{name}` and what lies below. */
export async function repository(request: ApiRequest): Promise<Answer> {
  const { world, call, parts, path, caller } = request;
  const [, owner = "", name = ""] = parts;
  const located = await world.repositories.byName(viewerOf(caller), owner, name);
  if (!located) return notFound();
  const below = path.split("/").slice(4);
  if (located.kind === "here") return within(request, located.repository, below);

  const address = `${world.url}/api/v3/repositories/${located.repository.id}`;
  const search = call.query.size > 0 ? `?${call.query}` : "";
  const location = [address, ...below].join("/") + search;
  const status = call.method === "GET" || call.method === "HEAD" ? 301 : 307;
  const message = status === 301 ? "Moved Permanently" : "Temporary Redirect";
  return json(status, { message, url: location, documentation_url: DOCS }, { location });
}

/** `/repositories/{id}` and what lies below: where a renamed repository is found. */
export async function numberedRepository(request: ApiRequest): Promise<Answer> {
  const { world, parts, path, caller } = request;
  const found = await world.repositories.byId(viewerOf(caller), parts[1] ?? "");
  return found ? within(request, found, path.split("/").slice(3)) : notFound();
}

const DOCS = "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api";

async function within(request: ApiRequest, found: Repository, below: string[]): Promise<Answer> {
  const { world, call, caller } = request;
  const reads = call.method === "GET" || call.method === "HEAD";
  if (!reads && found.private && !viewerOf(caller).readsPrivate) return notFound();

  const readme = world.repositories.readme(found);
  const asked = below.join("/");
  const file = asked.startsWith("contents/") ? asked.slice("contents/".length) : undefined;
  const isReadme =
    asked === "readme" ||
    (file !== undefined &&
      (readme === "none" ? file === "README.md" : readme !== "unknown" && file === readme.path));
  if (reads && isReadme && readme !== "unknown") {
    const accept = call.headers.accept ?? "";
    const ref = call.query.get("ref");
    return readmeAnswer({ url: world.url, repository: found, readme, accept, ref });
  }
  const home = found.home.split("/").map(encodeURIComponent).join("/");
  return delegated(request, ["/repos", home, ...below].join("/"));
}
