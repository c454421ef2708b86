import { type Answer, NO_BODY, json, notFound } from "./answer.ts";
import type { ApiRequest } from "./api-request.ts";
import { viewerOf } from "./caller.ts";
import { isFields } from "./input.ts";
import type { Viewer } from "./repositories.ts";
import { privateIds, translated } from "./translate.ts";
import type { World } from "./world.ts";

const PASSED_ON = ["accept", "content-type", "if-none-match"] as const;
const PASSED_BACK = ["content-type", "link", "etag", "last-modified", "location"] as const;

/** The package's own pages and controls are not part of the API. */
const NOT_API = new Set(["login", "settings", "_emulate", "avatars"]);

/** Lets the package answer in the caller's name, under our numbers and addresses. */
export async function delegated(request: ApiRequest, path = request.path): Promise<Answer> {
  const { world, call, caller, parts } = request;
  if (NOT_API.has(parts[0] ?? "")) return notFound();
  const viewer = viewerOf(caller);
  const search = call.query.size > 0 ? `?${call.query}` : "";
  const reply = await world.upstream.ask({
    home: viewer.home,
    path: homePath(request, path) + search,
    // The package knows no HEAD; the server drops the body.
    method: call.method === "HEAD" ? "GET" : call.method,
    headers: Object.fromEntries(
      PASSED_ON.flatMap((name) => {
        const value = call.headers[name];
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    ...(call.body.length > 0 && { body: call.body }),
  });

  const headers = Object.fromEntries(
    PASSED_BACK.flatMap((name) => {
      const value = reply.headers.get(name);
      if (value === null) return [];
      return [[name, value.replaceAll(world.upstream.origin, `${world.url}/api/v3`)]];
    }),
  );
  const { status } = reply;
  if (reply.body.length === 0) return { status, headers, body: NO_BODY };
  if (!headers["content-type"]?.includes("json")) return { status, headers, body: reply.body };
  const value: unknown = JSON.parse(reply.body.toString("utf8"));
  const spoken = isFields(value) && status >= 400 ? githubError(status, value) : value;
  const visible = await visibleAmong(privateIds(spoken), world, viewer);
  return json(status, translated(spoken, { ...world, visible }), headers);
}

/** The package lists a person's private repositories to everybody. */
async function visibleAmong(ids: number[], { repositories }: World, viewer: Viewer) {
  const seen = await Promise.all(ids.map((id) => repositories.byId(viewer, String(id))));
  return new Set(seen.flatMap((repository) => (repository ? [repository.id] : [])));
}

function githubError(status: number, error: Record<string, unknown>) {
  return { ...error, documentation_url: "https://docs.github.com/rest", status: String(status) };
}

/** People who were renamed keep their first login inside the package. */
function homePath({ world, parts }: ApiRequest, path: string): string {
  const person = parts[0] === "users" ? world.people.byLogin(parts[1] ?? "") : undefined;
  const vacated = parts[0] === "users" && !person && world.people.byHome(parts[1] ?? "");
  if (vacated) return "/users/no-such-person";
  return person ? ["/users", person.home, ...path.split("/").slice(3)].join("/") : path;
}
