import { AuthorizationError, CimdFetchError } from "@cloudflare/workers-oauth-provider";

import { log } from "../log.ts";
import { answerSignInFailure, signInStopped } from "../pages/sign-in-stopped.tsx";

const START_AGAIN = { how: "Go back to your MCP client and connect again." };

/** A page for a client's sign-in that cannot go on. */
export function failedSignIn(status: number, happened: string): Response {
  return signInStopped(status, happened, START_AGAIN);
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
  return answerSignInFailure(error, START_AGAIN);
}
