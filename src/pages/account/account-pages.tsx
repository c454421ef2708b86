import { Hono } from "hono";

import { accountOf } from "../../account/accounts.ts";
import type { Config } from "../../config.ts";
import { githubServer } from "../../github/server.ts";
import { renderPage } from "../render-page.ts";
import { accountCookies } from "./account-cookies.ts";
import { AccountPage } from "./account-page.tsx";
import { accountSignIn } from "./account-sign-in.ts";
import { formRoutes } from "./form-routes.ts";
import { isNotice } from "./notices.ts";
import { notYourForm } from "./refusals.tsx";
import { signInRoutes } from "./sign-in-routes.ts";
import { SignedOutPage } from "./signed-out-page.tsx";

interface AccountPagesOptions {
  readonly config: Config;
  readonly origin: string;
}

/** Whether a browser says that a page of another site sent this (Fetch Metadata). Old ones say nothing. */
function isFromOtherSite(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  return site === "cross-site" || site === "same-site";
}

/**
 * Where a person sees which clients use this server in their name, and ends that. They sign in with
 * GitHub in this browser; a cookie of an hour says so, and every form carries a secret out of it.
 */
export function accountPages({ config, origin }: AccountPagesOptions) {
  const cookies = accountCookies(config.serverSecrets);
  const github = githubServer(config.github.url);
  const app = new Hono<{ Bindings: Env }>();

  app.use(async ({ req }, next) => {
    if (req.method === "POST" && isFromOtherSite(req.raw)) return notYourForm();
    return next();
  });

  app.get("/account", async (c) => {
    const session = await cookies.session.read(c);
    if (!session) {
      const isSpent = cookies.session.isPresent(c);
      return renderPage(<SignedOutPage githubHost={github.host} />, {
        headers: isSpent ? { "Set-Cookie": cookies.session.end } : {},
      });
    }
    const account = accountOf(c.env, session.identity);
    const [connections, events] = await Promise.all([account.connections(), account.events()]);
    const { csrf, identity } = session;
    const done = c.req.query("done");
    return renderPage(
      <AccountPage
        {...{ login: identity.login, csrf, connections, events, github }}
        {...(isNotice(done) && { notice: done })}
      />,
    );
  });

  app.route("/", signInRoutes(cookies, accountSignIn(config.github, origin)));
  app.route("/", formRoutes(cookies.session, origin));
  // The Worker's own answer to what nobody foresaw.
  app.onError((error) => {
    throw error;
  });
  return app;
}
