import { type Answer, json } from "./answer.ts";
import { verifies } from "./codes.ts";
import { type Call, type Fields, formOrJsonFields, textField } from "./input.ts";
import type { EmulatedApp } from "./seed.ts";
import { type IssuedToken, appOf, tokenResponse } from "./tokens.ts";
import type { World } from "./world.ts";

/** GitHub tells what is wrong with HTTP status 200. */
const DESCRIPTIONS = {
  incorrect_client_credentials: "The client_id and/or client_secret passed are incorrect.",
  bad_verification_code: "The code passed is incorrect or expired.",
  redirect_uri_mismatch:
    "The redirect_uri MUST match the registered callback URL for this application.",
  bad_refresh_token: "The refresh token passed is incorrect or expired.",
  unsupported_grant_type: "The grant_type must be authorization_code or refresh_token.",
};

type Problem = keyof typeof DESCRIPTIONS;

/** `/login/oauth/access_token` */
export function accessToken(world: World, call: Call): Answer {
  if (call.method !== "POST") return json(404, { error: "Not Found" });
  const outcome = exchange(world, formOrJsonFields(call));
  const answer =
    typeof outcome === "string"
      ? { error: outcome, error_description: DESCRIPTIONS[outcome] }
      : tokenResponse(outcome);
  if (call.headers.accept?.includes("json")) return json(200, answer, NO_STORE);
  const text = new URLSearchParams(
    Object.entries(answer).map(([name, value]): [string, string] => [name, String(value)]),
  );
  const headers = {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    ...NO_STORE,
  };
  return { status: 200, headers, body: Buffer.from(text.toString()) };
}

/** Who would get the token, so that a fault or the log can name them. */
export function personOfExchange(world: World, call: Call): number | undefined {
  const fields = formOrJsonFields(call);
  const authorization = world.codes.peek(textField(fields, "code"));
  const refreshed = world.tokens.byRefreshToken(textField(fields, "refresh_token"));
  return (authorization ?? refreshed)?.userId;
}

const NO_STORE = { "cache-control": "no-store" };

function exchange(world: World, fields: Fields): IssuedToken | Problem {
  const app = appOf(textField(fields, "client_id"));
  if (!app || app.clientSecret !== textField(fields, "client_secret")) {
    return "incorrect_client_credentials";
  }
  const grantType = textField(fields, "grant_type") || "authorization_code";
  if (grantType === "refresh_token") return refresh(world, app, textField(fields, "refresh_token"));
  if (grantType !== "authorization_code") return "unsupported_grant_type";
  return redeem(world, app, fields);
}

function redeem(world: World, app: EmulatedApp, fields: Fields): IssuedToken | Problem {
  const authorization = world.codes.take(textField(fields, "code"));
  if (!authorization || authorization.clientId !== app.clientId) return "bad_verification_code";
  const { redirectUri, challenge, userId, scopes } = authorization;
  // GitHub lets the redirect_uri be absent here, but not different.
  const named = textField(fields, "redirect_uri");
  if (named && named !== redirectUri) return "redirect_uri_mismatch";
  if (challenge !== null && !verifies(textField(fields, "code_verifier"), challenge)) {
    return "bad_verification_code";
  }
  return world.tokens.issue({ app, userId, scopes });
}

function refresh(world: World, app: EmulatedApp, refreshToken: string): IssuedToken | Problem {
  const previous = world.tokens.byRefreshToken(refreshToken);
  if (!previous || previous.clientId !== app.clientId) return "bad_refresh_token";
  world.tokens.remove([previous]);
  return world.tokens.issue({ app, userId: previous.userId, scopes: previous.scopes });
}
