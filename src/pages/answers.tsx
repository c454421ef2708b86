import { RETRY_AFTER_SECONDS } from "../limits/rate-limits.ts";
import { STORAGE_RETRY_SECONDS } from "../storage.ts";
import { ErrorPage } from "./error-page.tsx";
import { LandingPage, type LandingPageProps } from "./landing-page.tsx";
import { renderPage } from "./render-page.ts";

export function landing(props: LandingPageProps): Response {
  return renderPage(<LandingPage {...props} />, { headers: { "Cache-Control": "no-cache" } });
}

/** For visitors; the log names every fault. */
export function misconfigured(): Response {
  return renderPage(
    <ErrorPage
      title="Not set up yet"
      happened="This server is not configured."
      todo="If you run it, read its log: it names every setting that is missing or wrong. If not, tell whoever gave you this address."
    />,
    { status: 500 },
  );
}

export function notFound(): Response {
  return renderPage(
    <ErrorPage
      title="Nothing here"
      happened="There is no page at this address."
      todo="The start page lists the addresses that exist."
    />,
    { status: 404 },
  );
}

/** RFC 9110, section 15.5.6. */
export function methodNotAllowed(allow: string): Response {
  return renderPage(
    <ErrorPage
      title="Not like this"
      happened="This address does not take this kind of request."
      todo={`It takes ${allow}.`}
    />,
    { status: 405, headers: { Allow: allow } },
  );
}

/** RFC 9110, section 15.5.20: this server does not answer for the host that was named. */
export function wrongHost(): Response {
  return new Response(
    "This server does not answer for this host name. Use the address that you were given.\n",
    {
      status: 421,
      headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" },
    },
  );
}

/** RFC 6585, section 4. */
export function tooManyRequests(): Response {
  return renderPage(
    <ErrorPage
      title="Too many at once"
      happened="This server was asked for too much from your network in the last minute."
      todo="Wait a minute, then go back to your MCP client and connect again. If an app opens page after page by itself, end it first."
    />,
    { status: 429, headers: { "Retry-After": String(RETRY_AFTER_SECONDS) } },
  );
}

export function serverError(): Response {
  return renderPage(
    <ErrorPage
      title="Something went wrong"
      happened="This server failed to answer."
      todo="Try again. If it stays, tell its operator."
    />,
    { status: 500 },
  );
}

/** RFC 9110, section 15.6.4. */
export function storageOutage(): Response {
  return renderPage(
    <ErrorPage
      title="Not right now"
      happened="This server's storage did not answer. Nothing is lost."
      todo="Wait a few seconds, then load this page again."
    />,
    { status: 503, headers: { "Retry-After": String(STORAGE_RETRY_SECONDS) } },
  );
}
