import { createHash } from "node:crypto";

import { type Answer, apiError, json, noContent, notFound } from "./answer.ts";
import { type Call, basicCredentials, jsonFields, textField } from "./input.ts";
import type { EmulatedApp } from "./seed.ts";
import { type IssuedToken, appOf } from "./tokens.ts";
import { translated } from "./translate.ts";
import type { World } from "./world.ts";

/** `/applications/{client_id}/token` and `/applications/{client_id}/grant`: an app asks about its own tokens. */
export async function applications(world: World, call: Call, path: string[]): Promise<Answer> {
  const [, clientId = "", what] = path;
  const credentials = basicCredentials(call.headers.authorization);
  const app = appOf(credentials?.clientId ?? "");
  if (!app || app.clientSecret !== credentials?.clientSecret) {
    return apiError(401, "Bad credentials");
  }
  if (path.length !== 3 || clientId !== app.clientId) return notFound();

  const presented = presentedToken(call);
  if (!presented) return apiError(422, "Validation Failed");
  const issued = world.tokens.live(presented);
  if (!issued || issued.clientId !== app.clientId) return notFound();

  const operation = `${call.method} ${what}`;
  if (operation === "POST token") return json(200, await description(world, app, issued));
  if (operation === "DELETE token") {
    world.tokens.remove([issued]);
    return noContent();
  }
  if (operation === "DELETE grant") {
    world.tokens.remove(world.tokens.all().filter((other) => isSameGrant(other, issued)));
    return noContent();
  }
  return notFound();
}

/** The token that the body names, for the log as well. */
export function presentedToken(call: Call): string {
  try {
    return textField(jsonFields(call.body), "access_token");
  } catch {
    return "";
  }
}

function isSameGrant(a: IssuedToken, b: IssuedToken): boolean {
  return a.clientId === b.clientId && a.userId === b.userId;
}

async function description(world: World, app: EmulatedApp, issued: IssuedToken) {
  const { id, token, scopes, createdAt, expiresAt, userId } = issued;
  const home = world.people.byId(userId)?.home ?? "";
  const user = await world.upstream.ask({ home, path: `/users/${home}` });
  const created = new Date(createdAt).toISOString();
  return {
    id,
    url: `${world.url}/api/v3/authorizations/${id}`,
    app: { name: app.name, url: world.url, client_id: app.clientId },
    token: "",
    hashed_token: createHash("sha256").update(token).digest("hex"),
    token_last_eight: token.slice(-8),
    note: null,
    note_url: null,
    created_at: created,
    updated_at: created,
    scopes,
    fingerprint: null,
    expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    user: translated(JSON.parse(user.body.toString("utf8")), { ...world, visible: new Set() }),
  };
}
