import { ToolError } from "../errors.ts";

/** A tool's calls to GitHub end within this time, their bodies included. */
export const GITHUB_TIMEOUT_MS = 7_000;

/** Nothing that we ask for comes near this; more is a fault upstream, and must not fill memory. */
const MAX_BODY_BYTES = 1024 * 1024;

function limitBody(response: Response): Response {
  if (!response.body) return response;
  let seen = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      seen += chunk.byteLength;
      if (seen > MAX_BODY_BYTES) controller.error(new RangeError("GitHub's answer is too large."));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
}

function redirectTarget(request: Request, response: Response): URL | undefined {
  const location = response.headers.get("location");
  const isRedirect = response.status >= 300 && response.status < 400 && location;
  return isRedirect ? new URL(location, request.url) : undefined;
}

/**
 * Fetches from GitHub with a deadline and a size limit, and follows one redirect of a read, on the
 * same origin only: the API answers 301 for a renamed repository, and a token must never reach
 * another host. Throws {@link ToolError} for any other redirect.
 */
export async function fetchGitHub(input: string | URL, init: RequestInit = {}): Promise<Response> {
  const signal = init.signal ?? AbortSignal.timeout(GITHUB_TIMEOUT_MS);
  const request = new Request(input, { ...init, redirect: "manual", signal });
  const response = await fetch(request.clone());
  const target = redirectTarget(request, response);
  if (!target) return limitBody(response);

  await response.body?.cancel();
  const isRead = request.method === "GET" || request.method === "HEAD";
  const followed =
    isRead && target.origin === new URL(request.url).origin
      ? await fetch(new Request(target, request))
      : undefined;
  if (followed && !redirectTarget(request, followed)) return limitBody(followed);
  await followed?.body?.cancel();
  throw new ToolError(
    "github_unavailable",
    "GitHub sent this request elsewhere, which this server does not follow. Try again later.",
  );
}
