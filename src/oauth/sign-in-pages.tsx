import {
  AuthorizationError,
  authorizationErrorRedirect,
  type OAuthAuthorizationServer,
} from "@cloudflare/workers-oauth-provider";
import { Hono } from "hono";

import { pkcePair } from "../auth/pkce.ts";
import type { Config } from "../config.ts";
import { githubServer } from "../github/server.ts";
import { githubSignIn } from "../github/sign-in.ts";
import { faultOfAuthorizeQuery } from "../limits/authorize-query.ts";
import { isCredential } from "../limits/credential.ts";
import { receiveOAuthBody } from "../limits/oauth-body.ts";
import { log } from "../log.ts";
import { renderPage } from "../pages/render-page.ts";
import { readAuthorizationRequest } from "./authorization-request.ts";
import { completeSignIn } from "./complete-sign-in.ts";
import { consentFacts, githubScopes, grantedScopes } from "./consent-facts.ts";
import { ConsentPage } from "./consent-page.tsx";
import { forgetOldSignIns } from "./old-sign-ins.ts";
import { isFirstUse } from "./once-object.ts";
import { refuseSignIn } from "./refuse-sign-in.ts";
import { answerSignInError, failedSignIn } from "./sign-in-failures.ts";

/** A consent form is a handle and a few ticks. */
const MAX_FORM_BYTES = 16 * 1024;

export interface SignInOptions {
  readonly config: Config;
  readonly origin: string;
  readonly server: OAuthAuthorizationServer<Env>;
}

function redirect(location: string, headers: Headers): Response {
  headers.set("Location", location);
  headers.set("Cache-Control", "no-store");
  headers.set("Referrer-Policy", "no-referrer");
  return new Response(null, { status: 302, headers });
}

/** The library takes back what it gave out once, but in KV, where two requests can both be first. */
async function useOnce(env: Env, kind: "consent" | "state", handle: string): Promise<void> {
  if (await isFirstUse(env, kind, handle)) return;
  throw new AuthorizationError("invalid_request", { description: "It was already used." });
}

/**
 * The browser's road: `/authorize` asks the person, each time, whether this client may act for them;
 * then GitHub says who they are; `/callback` gives the client its code.
 */
export function signInPages({ config, origin, server }: SignInOptions): Hono<{ Bindings: Env }> {
  const github = githubServer(config.github.url);
  const signIn = githubSignIn(config.github);
  const redirectUri = `${origin}/callback`;
  const app = new Hono<{ Bindings: Env }>();

  app.get("/authorize", async ({ req, env }) => {
    const { searchParams, hostname } = new URL(req.url);
    const fault = faultOfAuthorizeQuery(searchParams, hostname);
    if (fault) return failedSignIn(400, fault);
    const oauth = server.getOAuthApi(env);
    const { request, details } = await readAuthorizationRequest(oauth, req.raw);
    const { handle, headers } = await oauth.beginConsent(request);
    for (const cookie of forgetOldSignIns(req.raw)) headers.append("Set-Cookie", cookie);
    return renderPage(<ConsentPage {...consentFacts(details, handle, github.host)} />, { headers });
  });

  app.post("/authorize", async ({ req, env }) => {
    const body = await receiveOAuthBody(req.raw, MAX_FORM_BYTES);
    if (typeof body !== "string") return failedSignIn(body.status, body.description);
    const form = new URLSearchParams(body);
    const handle = form.get("handle") ?? "";
    const oauth = server.getOAuthApi(env);
    if (form.get("decision") !== "allow") {
      const denied = await oauth.denyConsent(req.raw, handle);
      await useOnce(env, "consent", handle);
      log("info", "sign_in.denied", { at: "the consent page" });
      return redirect(denied.redirectTo, denied.headers);
    }
    const scope = grantedScopes(form.getAll("scope"));
    const { request, headers } = await oauth.approveConsent(req.raw, handle, { scope });
    await useOnce(env, "consent", handle);
    const { verifier, challenge } = await pkcePair();
    const upstream = await oauth.beginUpstream(request, { data: { verifier }, headers });
    const scopes = githubScopes(scope, config);
    const { state } = upstream;
    const location = signIn.authorizeUrl({ redirectUri, state, codeChallenge: challenge, scopes });
    return redirect(location, upstream.headers);
  });

  app.get("/callback", async ({ req, env, executionCtx }) => {
    const oauth = server.getOAuthApi(env);
    const { request, data, headers } = await oauth.finishUpstream<{ verifier: string }>(req.raw);
    // As the library reads it.
    await useOnce(env, "state", new URL(req.url).searchParams.get("state") ?? "");
    const { error, code } = req.query();
    if (error === "access_denied") {
      log("info", "sign_in.denied", { at: "GitHub", client: request.clientId });
      return redirect(authorizationErrorRedirect(request, error), headers);
    }
    if (error !== undefined || !code || !isCredential(code)) {
      log("warn", "sign_in.github_refused", { code: error ?? "no code" });
      return failedSignIn(400, "The sign-in at GitHub ended without saying who you are.");
    }

    const token = await signIn.exchangeCode(code, redirectUri, data.verifier);
    const outcome = await completeSignIn(config, { env, oauth, request, token });
    if (outcome.isAdmitted) return redirect(outcome.redirectTo, headers);
    return refuseSignIn(config, { ...outcome, request, token, headers, ctx: executionCtx });
  });

  app.onError((error) => answerSignInError(error));
  return app;
}
