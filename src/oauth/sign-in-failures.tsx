import { AuthorizationError, CimdFetchError } from "@cloudflare/workers-oauth-provider";

import { ToolError } from "../errors.ts";
import { GitHubOutage, GitHubRefusal } from "../github/sign-in.ts";
import { describeError, log, logCrash } from "../log.ts";
import { ErrorPage } from "../pages/error-page.tsx";
import { renderPage } from "../pages/render-page.ts";

const START_AGAIN = "Go back to your MCP client and connect again.";

/** A page for a sign-in that cannot go on: what happened, then what to do. */
export function failedSignIn(status: number, happened: string, todo = START_AGAIN): Response {
  return renderPage(<ErrorPage title="Sign-in stopped" happened={happened} todo={todo} />, {
    status,
  });
}

/** Every failure on the way through sign-in. Only a validated redirect URI is ever redirected to. */
export function answerSignInError(error: unknown): Response {
  if (error instanceof AuthorizationError) {
    log("info", "sign_in.refused", { code: error.code, description: error.description });
    if (error.redirectTo) return Response.redirect(error.redirectTo, 302);
    return failedSignIn(
      400,
      "This sign-in is not valid: it has expired, was already used, was opened in another browser, or the app asked in a way that is not allowed.",
    );
  }
  if (error instanceof CimdFetchError) {
    log("info", "sign_in.client_unverified", { reason: error.reason });
    return failedSignIn(
      400,
      "The app that asks for access could not be verified: its description did not load, or is not valid.",
    );
  }
  if (error instanceof GitHubRefusal) {
    log("warn", "sign_in.github_refused", { code: error.code });
    return failedSignIn(
      // The browser brought the code; all else is between this server and GitHub.
      error.code === "bad_verification_code" ? 400 : 502,
      "GitHub did not accept this sign-in. It may have taken too long, or this server is not set up correctly at GitHub.",
    );
  }
  if (error instanceof GitHubOutage || error instanceof ToolError) {
    log("warn", "sign_in.github_unavailable", { error: describeError(error) });
    return failedSignIn(
      502,
      "GitHub did not answer as expected.",
      "Wait a minute, then go back to your MCP client and connect again.",
    );
  }
  const reference = logCrash("sign_in.crashed", error);
  return renderPage(
    <ErrorPage
      title="Sign-in stopped"
      happened="Something went wrong on this server."
      todo={START_AGAIN}
      reference={reference}
    />,
    { status: 500 },
  );
}
