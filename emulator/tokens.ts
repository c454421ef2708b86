import { randomInt } from "node:crypto";

import { EMULATED_APPS, type EmulatedApp, type TokenKind } from "./seed.ts";

export interface IssuedToken {
  id: number;
  token: string;
  clientId: string;
  app: TokenKind;
  userId: number;
  scopes: string[];
  createdAt: number;
  expiresAt: number | null;
  refreshToken: string | null;
  refreshExpiresAt: number | null;
}

export interface TokenRequest {
  /** The app that asks for it; tokens that people or apps make for themselves name only their kind. */
  app: EmulatedApp | { kind: TokenKind; clientId: "" };
  userId: number;
  scopes: readonly string[];
  expiresInSeconds?: number;
}

const LIVE_TOKENS_PER_USER_APP_AND_SCOPES = 10;
const APP_TOKEN_SECONDS = 8 * 60 * 60;
const INSTALLATION_TOKEN_SECONDS = 60 * 60;
const REFRESH_TOKEN_SECONDS = 15_897_600;
const BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const PREFIXES: Record<TokenKind, readonly [prefix: string, length: number]> = {
  oauth: ["gho_", 36],
  "github-app": ["ghu_", 36],
  classic: ["ghp_", 36],
  "fine-grained": ["github_pat_", 82],
  installation: ["ghs_", 36],
};

/** Their permissions are not scopes. */
const WITHOUT_SCOPES = new Set<TokenKind>(["github-app", "fine-grained", "installation"]);

type Asker = TokenRequest["app"];

/** How long a token lives if nobody says otherwise. */
function usualSeconds({ kind }: Asker, appTokenSeconds: number): number | undefined {
  if (kind === "github-app") return appTokenSeconds;
  return kind === "installation" ? INSTALLATION_TOKEN_SECONDS : undefined;
}

export type TokenStore = ReturnType<typeof tokenStore>;

/** Every token that this GitHub ever issued and has not forgotten; nothing else is a token. */
export function tokenStore(restored: readonly IssuedToken[], changed: () => void) {
  const byToken = new Map(restored.map((issued) => [issued.token, issued]));
  let appTokenSeconds = APP_TOKEN_SECONDS;
  let lastId = Math.max(0, ...restored.map((issued) => issued.id));

  function remove(tokens: readonly IssuedToken[]) {
    if (tokens.length === 0) return;
    for (const { token } of tokens) byToken.delete(token);
    changed();
  }

  function issue({ app, userId, scopes, expiresInSeconds }: TokenRequest): IssuedToken {
    const now = Date.now();
    const expiring = app.kind === "github-app";
    const seconds = expiresInSeconds ?? usualSeconds(app, appTokenSeconds);
    const issued: IssuedToken = {
      id: ++lastId,
      token: random(...PREFIXES[app.kind]),
      clientId: app.clientId,
      app: app.kind,
      userId,
      scopes: WITHOUT_SCOPES.has(app.kind) ? [] : [...scopes],
      createdAt: now,
      expiresAt: seconds === undefined ? null : now + seconds * 1000,
      refreshToken: expiring ? random("ghr_", 76) : null,
      refreshExpiresAt: expiring ? now + REFRESH_TOKEN_SECONDS * 1000 : null,
    };
    if (app.clientId) {
      const siblings = [...byToken.values()].filter((other) => isSibling(other, issued));
      for (const other of outlived(siblings)) byToken.delete(other.token);
    }
    byToken.set(issued.token, issued);
    changed();
    return issued;
  }

  return {
    issue,
    remove,
    all: () => [...byToken.values()],
    /** The record behind a token that works now. */
    live(token: string): IssuedToken | undefined {
      const issued = byToken.get(token);
      return issued && isLive(issued) ? issued : undefined;
    },
    known: (token: string) => byToken.get(token),
    byRefreshToken(refreshToken: string): IssuedToken | undefined {
      return [...byToken.values()].find(
        (issued) => issued.refreshToken === refreshToken && isUsable(issued),
      );
    },
    expire(issued: IssuedToken) {
      issued.expiresAt = Date.now();
      changed();
    },
    /** How long a GitHub App's user tokens live from now on; 8 hours when nothing is said. */
    setAppTokenSeconds(seconds: number = APP_TOKEN_SECONDS) {
      appTokenSeconds = seconds;
    },
    reset() {
      appTokenSeconds = APP_TOKEN_SECONDS;
      remove([...byToken.values()]);
    },
  };
}

/** Of one person's tokens for one app and scope set: the dead, and the oldest beyond the cap. */
function outlived(siblings: readonly IssuedToken[]): IssuedToken[] {
  const usable = siblings.filter((other) => isUsable(other)).toSorted((a, b) => a.id - b.id);
  const surplus = Math.max(0, usable.length + 1 - LIVE_TOKENS_PER_USER_APP_AND_SCOPES);
  return [...siblings.filter((other) => !isUsable(other)), ...usable.slice(0, surplus)];
}

export function isLive(issued: IssuedToken): boolean {
  return issued.expiresAt === null || issued.expiresAt > Date.now();
}

export function appOf(clientId: string): EmulatedApp | undefined {
  return EMULATED_APPS.find((app) => app.clientId === clientId);
}

/** What the token endpoint answers, field by field as GitHub names them. */
export interface TokenResponse {
  access_token: string;
  token_type: "bearer";
  scope: string;
  expires_in?: number;
  refresh_token?: string;
  refresh_token_expires_in?: number;
}

export function tokenResponse(issued: IssuedToken): TokenResponse {
  const { token, scopes, createdAt, expiresAt, refreshToken, refreshExpiresAt } = issued;
  const seconds = (end: number) => Math.round((end - createdAt) / 1000);
  return {
    access_token: token,
    ...(expiresAt !== null && { expires_in: seconds(expiresAt) }),
    ...(refreshToken !== null && { refresh_token: refreshToken }),
    ...(refreshExpiresAt !== null && { refresh_token_expires_in: seconds(refreshExpiresAt) }),
    token_type: "bearer",
    scope: scopes.join(","),
  };
}

/** An expired token is still of use while its refresh token lives. */
function isUsable(issued: IssuedToken): boolean {
  if (isLive(issued)) return true;
  return issued.refreshExpiresAt !== null && issued.refreshExpiresAt > Date.now();
}

function isSibling(a: IssuedToken, b: IssuedToken): boolean {
  return a.userId === b.userId && a.clientId === b.clientId && a.scopes.join() === b.scopes.join();
}

function random(prefix: string, length: number): string {
  return prefix + Array.from({ length }, () => BASE62[randomInt(BASE62.length)]).join("");
}
