import { ToolError } from "../errors.ts";
import { GitHubOutage, GitHubRefusal } from "../github/sign-in.ts";
import { describeError, log, logCrash } from "../log.ts";
import { isStorageFault, STORAGE_RETRY_SECONDS } from "../storage.ts";
import { ErrorPage, type PageLink } from "./error-page.tsx";
import { renderPage } from "./render-page.ts";

/** How a person begins the sign-in again, which is not the same on each road. */
export interface StartAgain {
  /** A sentence. */
  readonly how: string;
  readonly link?: PageLink;
}

/** A page for a sign-in that cannot go on: what happened, then what to do. */
export function signInStopped(
  status: number,
  happened: string,
  { how, link }: StartAgain,
): Response {
  return renderPage(
    <ErrorPage
      title="Sign-in stopped"
      happened={happened}
      todo={how}
      {...(link && { next: link })}
    />,
    { status },
  );
}

/** What a person is told about a failure between this server and GitHub, or inside this server. */
export function answerSignInFailure(error: unknown, startAgain: StartAgain): Response {
  if (error instanceof GitHubRefusal) {
    log("warn", "sign_in.github_refused", { code: error.code });
    return signInStopped(
      // The browser brought the code; all else is between this server and GitHub.
      error.code === "bad_verification_code" ? 400 : 502,
      "GitHub did not accept this sign-in. It may have taken too long, or this server is not set up correctly at GitHub.",
      startAgain,
    );
  }
  if (error instanceof GitHubOutage || error instanceof ToolError) {
    log("warn", "sign_in.github_unavailable", { error: describeError(error) });
    return signInStopped(502, "GitHub did not answer as expected.", {
      ...startAgain,
      how: `Wait a minute. ${startAgain.how}`,
    });
  }
  logCrash("sign_in.crashed", error);
  if (isStorageFault(error)) {
    const page = signInStopped(503, "This server's storage did not answer.", {
      ...startAgain,
      how: `Wait a few seconds. ${startAgain.how}`,
    });
    page.headers.set("Retry-After", String(STORAGE_RETRY_SECONDS));
    return page;
  }
  return signInStopped(500, "Something went wrong on this server.", startAgain);
}
