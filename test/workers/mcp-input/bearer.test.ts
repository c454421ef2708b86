import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import { INITIALIZE } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";
import { sendOverWire, type WireAnswer } from "../../support/wire.ts";

/** No answer takes longer, however odd the token. */
const HANG_LIMIT = { timeout: HANG_MS };

let server: TestServer;
let token: string;
let other: string;
beforeAll(async () => {
  server = await startServer();
  ({ access_token: token } = await signIn(server, "octocat"));
  ({ access_token: other } = await signIn(server, "hubot"));
});
afterAll(() => server.close());

const BODY = Buffer.from(JSON.stringify(INITIALIZE));

const ENDPOINTS = [
  { path: "/mcp", method: "POST", metadata: "/mcp" },
  { path: "/mcp", method: "GET", metadata: "/mcp" },
  { path: "/mcp", method: "DELETE", metadata: "/mcp" },
  { path: "/sse", method: "GET", metadata: "/sse" },
  { path: "/sse/message", method: "POST", metadata: "/sse" },
  { path: "/", method: "POST", metadata: "" },
] as const;

function call(
  { path, method }: { path: string; method: string },
  ...authorization: string[]
): Promise<WireAnswer> {
  return sendOverWire(server, {
    path,
    method,
    headers: [
      ["accept", "application/json, text/event-stream"],
      ["content-type", "application/json"],
      ["content-length", String(method === "POST" ? BODY.length : 0)],
      ...authorization.map((value) => ["authorization", value] as const),
    ],
    body: method === "POST" ? [BODY] : [],
  });
}

function challengeOf({ headers }: WireAnswer): string {
  return headers.get("www-authenticate") ?? "";
}

/** What RFC 6750, section 3, and RFC 9728, section 5.1, ask of a challenge. */
function bearerChallenge(metadata: string): RegExp {
  const url = `${server.url}/.well-known/oauth-protected-resource${metadata}`;
  return new RegExp(`^Bearer .*resource_metadata="${url}"`);
}

describe.each(ENDPOINTS)("$method $path", (endpoint) => {
  it.each<[string, () => string[]]>([
    ["no token", () => []],
    ["another scheme", () => ["Basic b2N0b2NhdDpodWJvdA=="]],
    ["a scheme without a token", () => ["Bearer"]],
    ["a token without a scheme", () => [token]],
    ["something behind the token", () => [`Bearer ${token} more`]],
    ["two tokens in one header", () => [`Bearer ${token}, Bearer ${other}`]],
    ["two headers", () => [`Bearer ${token}`, `Bearer ${other}`]],
  ])("answers 401 with an empty challenge to %s", HANG_LIMIT, async (_what, authorization) => {
    const answer = await call(endpoint, ...authorization());

    expect(answer).toMatchObject({ status: 401, text: "" });
    expect(challengeOf(answer)).toMatch(bearerChallenge(endpoint.metadata));
    expect(challengeOf(answer)).not.toContain("error=");
  });

  it("answers 401 to a token in the query", HANG_LIMIT, async () => {
    const path = `${endpoint.path}?access_token=${encodeURIComponent(token)}`;

    const answer = await call({ ...endpoint, path });

    expect(answer).toMatchObject({ status: 401, text: "" });
    expect(challengeOf(answer)).toMatch(bearerChallenge(endpoint.metadata));
  });

  it.each<[string, () => string]>([
    ["was never given out", () => "1:aaaaaaaaaaaaaaaa:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"],
    [
      "is another person's in part",
      () => `${other.split(":")[0]}:${token.split(":").slice(1).join(":")}`,
    ],
    ["has one character too many", () => `${token}x`],
    ["has 600 characters before the colons", () => `${"a".repeat(600)}:b:c`],
    ["has 600 characters between the colons", () => `a:${"b".repeat(600)}:c`],
    ["has 5,000 colons", () => ":".repeat(5000)],
    ["has 12,000 characters", () => "x".repeat(12_000)],
    ["has nothing but colons", () => "::"],
    ["has bytes outside of ASCII", () => "\u00e9:\u00ff:c"],
    ["looks like a path", () => "../..:..:.."],
  ])("answers 401 and invalid_token to a token that %s", HANG_LIMIT, async (_what, of) => {
    const answer = await call(endpoint, `Bearer ${of()}`);

    expect(answer).toMatchObject({ status: 401, text: "" });
    expect(challengeOf(answer)).toMatch(bearerChallenge(endpoint.metadata));
    expect(challengeOf(answer)).toContain('error="invalid_token"');
  });
});

describe("a good token", () => {
  it.each(["bearer", "BEARER", "BeArEr"])(
    "is accepted with the scheme written %s",
    HANG_LIMIT,
    async (scheme) => {
      const answer = await call({ path: "/mcp", method: "POST" }, `${scheme} ${token}`);

      expect(answer.status).toBe(200);
    },
  );
});
