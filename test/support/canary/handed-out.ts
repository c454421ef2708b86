import { createHash } from "node:crypto";

import type { Secret } from "./secret-scan.ts";
import type { Exchange } from "./traffic.ts";

/** A part of an answer. */
interface Place {
  readonly exchange: Exchange;
  /** The header's name in lower case, or `body`. */
  readonly part: string;
}

/** A secret that the protocol hands out, and the only place where it does. */
export interface HandedOut extends Secret {
  mayStandIn(place: Place): boolean;
  /** Whether KV may hold it: only what opens nothing without another secret. */
  readonly mayRestInKv: boolean;
}

/** Where our own secrets may stand: nowhere. */
const nowhere = () => false;

export const neverHandedOut = (secret: Secret): HandedOut => ({
  ...secret,
  mayStandIn: nowhere,
  mayRestInKv: false,
});

/** Reads from the traffic itself which one-time and lasting secrets went by. */
export function handedOutIn(exchanges: readonly Exchange[]): HandedOut[] {
  const handles = exchanges.flatMap(handlesOf);
  const hashes = new Set(
    handles.map(({ value }) => createHash("sha256").update(value).digest("hex")),
  );
  const all = exchanges.flatMap((exchange) => [
    ...tokensOf(exchange),
    ...codesOf(exchange),
    ...cookiesOf(exchange, hashes),
    ...formSecretsOf(exchange),
  ]);
  return [...new Map([...all, ...handles].map((secret) => [secret.value, secret])).values()];
}

/** Tokens are handed out by `/token`, to the client that asked for them, and again if it asks the same. */
function tokensOf(exchange: Exchange): HandedOut[] {
  if (exchange.url.pathname !== "/token") return [];
  const sent = new URLSearchParams(exchange.requestBody);
  const verifier = sent.get("code_verifier");
  const own: HandedOut[] = verifier
    ? [neverHandedOut({ name: "the client's PKCE verifier", value: verifier })]
    : [];
  if (exchange.status !== 200 || !exchange.body.includes("access_token")) return own;
  const tokens = JSON.parse(exchange.body) as Record<string, string>;
  for (const name of ["access_token", "refresh_token"]) {
    const value = tokens[name];
    if (value === undefined) continue;
    const mayStandIn = (place: Place) =>
      isSameQuestion(place.exchange, exchange) && place.part === "body";
    // Its first two parts name the person and the grant; the last is what opens it.
    const secret = value.split(":")[2] ?? "";
    own.push({ name, value, mayStandIn, mayRestInKv: false });
    own.push({ name: `the secret part of ${name}`, value: secret, mayStandIn, mayRestInKv: false });
  }
  return own;
}

function isSameQuestion(one: Exchange, other: Exchange): boolean {
  return one.url.pathname === other.url.pathname && one.requestBody === other.requestBody;
}

/** Our code leaves in the redirect to the client; GitHub's code only ever arrives. */
function codesOf(exchange: Exchange): HandedOut[] {
  if (exchange.url.pathname !== "/callback") return [];
  const secrets: HandedOut[] = [];
  const githubCode = exchange.url.searchParams.get("code");
  if (githubCode) secrets.push(neverHandedOut({ name: "GitHub's code", value: githubCode }));
  const code = locationOf(exchange)?.searchParams.get("code");
  if (!code) return secrets;
  const mayStandIn = (place: Place) => place.exchange === exchange && place.part === "location";
  secrets.push({ name: "our code", value: code, mayStandIn, mayRestInKv: false });
  return secrets;
}

/**
 * A cookie's value is for the browser that it is set in. It binds a handle to that browser: it is
 * the handle's hash, by which KV knows the record too, and opens nothing without the handle.
 */
function cookiesOf(exchange: Exchange, hashesOfHandles: ReadonlySet<string>): HandedOut[] {
  return exchange.headers
    .filter(([name]) => name === "set-cookie")
    .map(
      ([, cookie]) =>
        /^__Host-(?:oauth-)?(consent|upstream|account-sign-in|account)[^=]*=([^;]*)/.exec(cookie) ??
        [],
    )
    .filter(([, , value]) => value)
    .map(([, kind = "", value = ""]) => ({
      name: `the ${kind} cookie`,
      value,
      mayStandIn: (place) => place.exchange === exchange && place.part === "set-cookie",
      mayRestInKv: hashesOfHandles.has(value),
    }));
}

/** What the forms of a signed-in person's account page hold, each time that it is opened. */
function formSecretsOf({ url, body }: Exchange): HandedOut[] {
  const value = /name="csrf" value="([^"]+)"/.exec(body)?.[1];
  if (url.pathname !== "/account" || value === undefined) return [];
  const mayStandIn = ({ exchange, part }: Place) =>
    exchange.url.pathname === "/account" && part === "body";
  return [{ name: "the account page's form secret", value, mayStandIn, mayRestInKv: false }];
}

/** The handle stands in its form, the state in the redirect to GitHub, once each. */
function handlesOf(exchange: Exchange): HandedOut[] {
  if (!["/authorize", "/account/sign-in"].includes(exchange.url.pathname)) return [];
  const handle = /name="handle" value="([^"]+)"/.exec(exchange.body)?.[1];
  const location = locationOf(exchange);
  const isToGitHub = location?.pathname === "/login/oauth/authorize";
  const state = isToGitHub ? location?.searchParams.get("state") : undefined;
  const found: [name: string, value: string | null | undefined, part: string][] = [
    ["the consent handle", handle, "body"],
    ["the state towards GitHub", state, "location"],
  ];
  return found.flatMap(([name, value, part]) => {
    const mayStandIn = (place: Place) => place.exchange === exchange && place.part === part;
    return value ? [{ name, value, mayStandIn, mayRestInKv: false }] : [];
  });
}

function locationOf({ headers, url }: Exchange): URL | undefined {
  const location = headers.find(([name]) => name === "location")?.[1];
  return location === undefined ? undefined : new URL(location, url);
}
