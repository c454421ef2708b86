import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import { INITIALIZE } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";
import { sendOverWire } from "../../support/wire.ts";

/** No answer takes longer, however odd the origin. */
const HANG_LIMIT = { timeout: HANG_MS };

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ settings: { ALLOWED_ORIGINS: "https://allowed.example" } });
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

const PATHS = ["/mcp", "/", "/sse", "/sse/message"];
const METHODS = ["GET", "POST", "DELETE", "OPTIONS", "PUT"];
const ENDPOINTS = PATHS.flatMap((path) => METHODS.map((method) => ({ path, method })));

const FOREIGN: readonly [string, readonly string[]][] = [
  ["another site", ["https://evil.example"]],
  ["a site whose name begins with ours", ["http://localhost.evil.example"]],
  ["a site whose name ends with an allowed one", ["https://notallowed.example"]],
  ["an allowed site over http", ["http://allowed.example"]],
  ["an allowed site on another port", ["https://allowed.example:8443"]],
  ["an allowed site with a path", ["https://allowed.example/"]],
  ["an allowed site with credentials", ["https://user@allowed.example"]],
  ["an opaque origin", ["null"]],
  ["no URL", ["not a url"]],
  ["a file", ["file://"]],
  ["an extension", ["chrome-extension://abcdefghijklmnop"]],
  ["bytes outside of ASCII", ["https://allowed.example\u00e9"]],
  ["two sites in one header", ["https://allowed.example https://evil.example"]],
  ["two headers, the good one first", ["https://allowed.example", "https://evil.example"]],
  ["two headers, the good one last", ["https://evil.example", "https://allowed.example"]],
];

function call({ path, method }: { path: string; method: string }, origins: readonly string[]) {
  const body = method === "POST" ? Buffer.from(JSON.stringify(INITIALIZE)) : Buffer.alloc(0);
  return sendOverWire(server, {
    path,
    method,
    headers: [
      ["authorization", `Bearer ${token}`],
      ["accept", "application/json, text/event-stream"],
      ["content-type", "application/json"],
      ["content-length", String(body.length)],
      ...origins.map((origin) => ["origin", origin] as const),
    ],
    body: [body],
  });
}

describe("a page of", () => {
  it.each(FOREIGN)(
    "%s gets 403 on every endpoint, with every method",
    HANG_LIMIT,
    async (_what, origins) => {
      const answers = await Promise.all(ENDPOINTS.map((endpoint) => call(endpoint, origins)));

      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
      expect(answers.some(({ headers }) => headers.has("access-control-allow-origin"))).toBe(false);
    },
  );
});

describe("a message", () => {
  const initialize = { path: "/mcp", method: "POST" };

  it.each(["/mcp", "/"])("is served on %s when it comes from no page", HANG_LIMIT, async (path) => {
    expect((await call({ ...initialize, path }, [])).status).toBe(200);
  });

  it("is served when it comes from the Worker's own origin", HANG_LIMIT, async () => {
    const { status, headers } = await call(initialize, [server.url]);

    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe(server.url);
  });

  it.each(["https://allowed.example", "http://localhost:6274", "http://[::1]:8080"])(
    "is served when it comes from a page of %s",
    HANG_LIMIT,
    async (origin) => {
      const { status, headers } = await call(initialize, [origin]);

      expect(status).toBe(200);
      expect(headers.get("access-control-allow-origin")).toBe(origin);
    },
  );
});
