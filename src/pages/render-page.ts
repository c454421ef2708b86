import type { JSX } from "hono/jsx/jsx-runtime";

interface RenderPageOptions {
  status?: number;
  headers?: Headers | Record<string, string>;
}

// No form-action: Chrome applies it to the redirect that follows a submit, and consent ends in one.
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const ASYNC_COMPONENT = "Pages are synchronous: an async component cannot be rendered here.";

/** Makes a page the answer to a request. Ours wins over a policy already in `headers`; cookies stay. */
export function renderPage(node: JSX.Element, init: RenderPageOptions = {}): Response {
  if (node instanceof Promise) throw new TypeError(ASYNC_COMPONENT);
  // An async component further down makes the whole a promise, whatever its type says.
  const html: unknown = node.toString();
  if (typeof html !== "string") throw new TypeError(ASYNC_COMPONENT);

  const headers = new Headers(init.headers);
  headers.set("content-type", "text/html; charset=utf-8");
  headers.set("content-security-policy", CONTENT_SECURITY_POLICY);
  headers.set("referrer-policy", "no-referrer");
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-frame-options", "DENY");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");

  return new Response(`<!doctype html>${html}`, { status: init.status ?? 200, headers });
}
