import { Hono } from "hono";

import { isCredential } from "../../limits/credential.ts";
import { answerSignInFailure, signInStopped } from "../sign-in-stopped.tsx";
import type { AccountCookies } from "./account-cookies.ts";
import { type AccountSignIn, randomText } from "./account-sign-in.ts";
import { ACCOUNT_LINK } from "./refusals.tsx";
import { seeOther } from "./see-other.ts";

const START_AGAIN = { how: "Go to your account page and sign in again.", link: ACCOUNT_LINK };

/** To GitHub, and back as somebody. */
export function signInRoutes({ pending, session }: AccountCookies, signIn: AccountSignIn) {
  const app = new Hono<{ Bindings: Env }>();

  app.post("/account/sign-in", async () => {
    const begun = await signIn.begin();
    return seeOther(begun.location, await pending.write(begun.pending));
  });

  app.get("/callback", async (c) => {
    const { state, error, code } = c.req.query();
    const begun = await pending.read(c);
    if (!begun || state !== begun.state) {
      return signInStopped(
        400,
        "This sign-in was begun in another browser, took longer than ten minutes, or was already used.",
        START_AGAIN,
      );
    }
    const finish = async () => {
      if (error === "access_denied") {
        return signInStopped(
          400,
          "You did not sign in at GitHub. Nothing was changed.",
          START_AGAIN,
        );
      }
      if (!code || !isCredential(code)) {
        return signInStopped(
          400,
          "The sign-in at GitHub ended without saying who you are.",
          START_AGAIN,
        );
      }
      const later = (work: Promise<void>) => c.executionCtx.waitUntil(work);
      const identity = await signIn.finish(code, begun, later);
      return seeOther("/account", await session.write({ identity, csrf: randomText() }));
    };
    const answer = await finish().catch((cause: unknown) =>
      answerSignInFailure(cause, START_AGAIN),
    );
    // A state works once, however it ended.
    answer.headers.append("Set-Cookie", pending.end);
    return answer;
  });

  return app;
}
