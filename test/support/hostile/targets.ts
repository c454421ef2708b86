import * as fc from "fast-check";

import { oddText } from "./odd-text.ts";
import { PLACEHOLDERS } from "./placeholders.ts";

const METADATA = "/.well-known/oauth-protected-resource";

/** Every address that is served, and some that are not. */
export const PATHS = [
  "/mcp",
  "/",
  "/sse",
  "/sse/message",
  "/authorize",
  "/callback",
  "/account",
  "/account/sign-in",
  "/account/revoke",
  "/account/sign-out",
  "/token",
  "/register",
  "/.well-known/oauth-authorization-server",
  METADATA,
  `${METADATA}/mcp`,
  `${METADATA}/sse`,
  "/health",
  "/style.css",
  "/icon.svg",
] as const;

const UNKNOWN = ["/nothing", "/.well-known/openid-configuration", "/favicon.ico", "/mcp/", "/.env"];

const TRICKS: readonly ((path: string) => string)[] = [
  (path) => `/${path}`,
  (path) => `${path}/`,
  (path) => `/x/..${path}`,
  (path) => `/.${path}`,
  (path) => `/%2e%2e${path}`,
  (path) => path.replaceAll("/", "%2f").replace("%2f", "/"),
  (path) => path.toUpperCase(),
  (path) => `${path};jsessionid=1`,
  (path) => `${path}%00`,
  (path) => `${path}%`,
  (path) => `${path}\\..\\`,
  (path) => `//evil.example${path}`,
  (path) => `http://evil.example${path}`,
  (path) => `/\u00ff${path}`,
  (path) => `${path}#fragment`,
  (path) => path + "/a".repeat(4000),
];

/** A request target without its query; some are no path at all. */
export function oddPath(): fc.Arbitrary<string> {
  const tricked = fc
    .tuple(fc.constantFrom(...PATHS), fc.constantFrom(...TRICKS))
    .map(([path, trick]) => trick(path));
  const random = oddText().map((text) => `/${encodeURIComponent(text.toWellFormed())}`);
  return fc.oneof(
    { weight: 3, arbitrary: tricked },
    { weight: 1, arbitrary: fc.constantFrom(...UNKNOWN) },
    { weight: 1, arbitrary: random },
  );
}

const AUTHORIZE: Readonly<Record<string, string>> = {
  response_type: "code",
  client_id: PLACEHOLDERS.clientId,
  redirect_uri: PLACEHOLDERS.redirectUri,
  code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  code_challenge_method: "S256",
  state: "the client's state",
  scope: "mcp:tools",
  resource: `${PLACEHOLDERS.origin}/mcp`,
};

const NAMES = [
  ...Object.keys(AUTHORIZE),
  "_pk",
  "sessionId",
  "code",
  "error",
  "error_description",
  "access_token",
  "token",
  "iss",
  "request",
  "request_uri",
  "response_mode",
  "prompt",
  "props",
  "__proto__",
];

function encoded(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .map((pair) => pair.map((part) => encodeURIComponent(part.toWellFormed())).join("="))
    .join("&");
}

function oddPairs(maxLength: number) {
  const name = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES) }, oddText());
  return fc.array(fc.tuple(name, oddText()), { maxLength });
}

/** A query with its question mark, or nothing. */
export function oddQuery(): fc.Arbitrary<string> {
  const raw = fc.constantFrom("?", "??", "?%", "?&&=&", "?_pk=a:b", "?a=%ff%fe", "?sessionId");
  return fc.oneof(
    { weight: 3, arbitrary: oddPairs(4).map((pairs) => (pairs[0] ? `?${encoded(pairs)}` : "")) },
    { weight: 1, arbitrary: raw },
  );
}

/** An authorization request with up to three parameters wrong, missing or sent twice. */
export function authorizeQuery(): fc.Arbitrary<string> {
  const dropped = fc.subarray(Object.keys(AUTHORIZE), { maxLength: 2 });
  return fc.tuple(dropped, oddPairs(2)).map(([names, more]) => {
    const kept = Object.entries(AUTHORIZE).filter(([name]) => !names.includes(name));
    return `?${encoded([...kept, ...more])}`;
  });
}
