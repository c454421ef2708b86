import { type Answer, json, noContent } from "./answer.ts";
import { BadInput, type Call, type Fields, jsonFields, requiredText } from "./input.ts";
import type { Person } from "./people.ts";
import { normalizedScopes } from "./scopes.ts";
import { EMULATED_APPS, type TokenKind } from "./seed.ts";
import { type IssuedToken, isLive, tokenResponse } from "./tokens.ts";
import type { World } from "./world.ts";

const DEFAULT_SCOPES = ["read:user"];

/** Tokens that people make for themselves, on GitHub's pages. */
const PERSONAL_KINDS = ["classic", "fine-grained"] as const;

/** A token that works now, as `GET /_emulator/tokens` tells it. */
export interface LiveToken {
  token: string;
  login: string;
  app: TokenKind;
  scopes: string[];
  createdAt: string;
  expiresAt: string | null;
}

export function controlTokens(world: World, call: Call, rest: string[]): Answer | undefined {
  const operation = [call.method, ...rest].join(" ");
  if (operation === "GET") return json(200, liveTokens(world, call.query.get("login")));
  if (operation === "POST") return json(201, tokenResponse(mint(world, jsonFields(call.body))));
  if (operation === "POST revoke") {
    world.tokens.remove(condemned(world, jsonFields(call.body)));
    return noContent();
  }
  if (operation === "POST expire") {
    world.tokens.expire(issuedToken(world, jsonFields(call.body)));
    return noContent();
  }
  if (operation === "POST app-lifetime") {
    world.tokens.setAppTokenSeconds(seconds(jsonFields(call.body), "seconds"));
    return noContent();
  }
  return undefined;
}

export function knownPerson(world: World, login: string): Person {
  const person = world.people.byLogin(login);
  if (!person) throw new BadInput(`Nobody here has the login "${login}".`, 404);
  return person;
}

function liveTokens(world: World, login: string | null): LiveToken[] {
  const person = login === null ? undefined : knownPerson(world, login);
  return world.tokens
    .all()
    .filter((issued) => isLive(issued) && (!person || issued.userId === person.id))
    .map(({ token, userId, app, scopes, createdAt, expiresAt }) => ({
      token,
      login: world.people.byId(userId)?.login ?? "",
      app,
      scopes,
      createdAt: iso(createdAt),
      expiresAt: expiresAt === null ? null : iso(expiresAt),
    }));
}

const iso = (time: number) => new Date(time).toISOString();

function mint(world: World, fields: Fields): IssuedToken {
  const person = knownPerson(world, requiredText(fields, "login"));
  const { app: kind = "oauth", scopes = DEFAULT_SCOPES } = fields;
  const personal = PERSONAL_KINDS.find((known) => known === kind);
  const app =
    EMULATED_APPS.find((candidate) => candidate.kind === kind) ??
    (personal && { kind: personal, clientId: "" as const });
  if (!app) {
    throw new BadInput('"app" must be "oauth", "github-app", "classic" or "fine-grained".');
  }
  if (!Array.isArray(scopes) || !scopes.every((scope) => typeof scope === "string")) {
    throw new BadInput('"scopes" must be a list of strings.');
  }
  const expiresInSeconds = seconds(fields, "expiresIn");
  const request = { app, userId: person.id, scopes: normalizedScopes(scopes) };
  return world.tokens.issue({
    ...request,
    ...(expiresInSeconds !== undefined && { expiresInSeconds }),
  });
}

function seconds(fields: Fields, name: string): number | undefined {
  if (fields[name] === undefined) return undefined;
  const value = Number(fields[name]);
  if (Number.isFinite(value) && value >= 0) return value;
  throw new BadInput(`"${name}" must be a number of seconds.`);
}

function condemned(world: World, fields: Fields): IssuedToken[] {
  if (fields.token !== undefined) return [issuedToken(world, fields)];
  const person = knownPerson(world, requiredText(fields, "login"));
  return world.tokens.all().filter((issued) => issued.userId === person.id);
}

function issuedToken(world: World, fields: Fields): IssuedToken {
  const issued = world.tokens.known(requiredText(fields, "token"));
  if (!issued) throw new BadInput("This token was never issued, or is revoked.", 404);
  return issued;
}
