import { RequestError } from "octokit";

import { ToolError } from "../errors.ts";
import type { GitHubServer } from "./server.ts";

const UNAVAILABLE = "GitHub is not available right now. Try again in a minute.";

type Headers = Record<string, string | number | undefined>;

function headersOf(error: RequestError): Headers {
  return error.response?.headers ?? {};
}

/** The page on which the person authorizes this app for an organisation's SSO, if GitHub named one. */
function ssoLink(headers: Headers, server: GitHubServer): string | undefined {
  const link = /url=([^;\s]+)/.exec(String(headers["x-github-sso"] ?? ""))?.[1];
  return link && URL.canParse(link) && new URL(link).origin === server.web ? link : undefined;
}

function ssoRequired(headers: Headers, server: GitHubServer): ToolError {
  const link = ssoLink(headers, server);
  const where = link
    ? `Open ${link} in a browser`
    : "Authorize this app in your organisation's SSO settings";
  return new ToolError(
    "sso_required",
    `The organisation that owns this asks for single sign-on first. ${where}, then call the tool again.`,
  );
}

/** When a used-up limit is renewed, if GitHub named a time. */
function resetOf(headers: Headers): string | undefined {
  if (String(headers["x-ratelimit-remaining"]) !== "0") return undefined;
  const reset = new Date(Number(headers["x-ratelimit-reset"]) * 1000);
  return reset.getTime() > 0 ? reset.toISOString() : undefined;
}

function waitOf(headers: Headers): string {
  const seconds = Number(headers["retry-after"]);
  if (Number.isFinite(seconds) && seconds > 0) return `Try again in ${Math.ceil(seconds)} seconds.`;
  const reset = resetOf(headers);
  return reset ? `Try again after ${reset}.` : "Wait at least a minute before the next call.";
}

function isRateLimit(error: RequestError): boolean {
  const headers = headersOf(error);
  if (error.status === 429) return true;
  return (
    error.status === 403 &&
    (String(headers["x-ratelimit-remaining"]) === "0" ||
      headers["retry-after"] !== undefined ||
      /secondary rate limit/i.test(error.message))
  );
}

function fromStatus(error: RequestError, server: GitHubServer): ToolError {
  const headers = headersOf(error);
  if (isRateLimit(error)) {
    return new ToolError("rate_limited", `GitHub's rate limit is used up. ${waitOf(headers)}`);
  }
  switch (error.status) {
    case 401:
      return signedOut();
    case 403:
      if (headers["x-github-sso"] !== undefined) return ssoRequired(headers, server);
      return new ToolError(
        "forbidden",
        "GitHub refused this for your account. Check that you may see it, and that this app is allowed in its organisation.",
      );
    case 404:
    case 410:
      return notFound();
    case 451:
      return new ToolError("forbidden", "GitHub does not serve this for legal reasons.");
    default:
      return new ToolError("github_unavailable", UNAVAILABLE);
  }
}

/** What any failed call to GitHub means, in our own words; an upstream body never gets through. */
export function toToolError(error: unknown, server: GitHubServer): ToolError {
  if (error instanceof ToolError) return error;
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof ToolError) return cause;
  const names = [error, cause].map((each) => (each instanceof Error ? each.name : ""));
  if (names.includes("TimeoutError") || names.includes("AbortError")) return tooSlow();
  if (error instanceof RequestError && error.response) return fromStatus(error, server);
  return new ToolError("github_unavailable", UNAVAILABLE, { cause: error });
}

export function signedOut(): ToolError {
  return new ToolError(
    "signed_out",
    "GitHub no longer accepts this sign-in. Sign in again: reconnect this server in your MCP client.",
  );
}

export function notFound(): ToolError {
  return new ToolError(
    "not_found",
    "GitHub has nothing there that this sign-in may see. Check the spelling; private repositories need the permission github:private, given at sign-in.",
  );
}

export function tooSlow(): ToolError {
  return new ToolError(
    "github_unavailable",
    "GitHub did not answer in time. Try again in a minute.",
  );
}

export function unreadable(): ToolError {
  return new ToolError(
    "github_unavailable",
    "GitHub's answer was cut off or not understood. Try again in a minute.",
  );
}
