import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServer, type TestServer } from "../../support/server.ts";
import { authorizeUrl, pkce, REDIRECT_URI, registerClient } from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const METADATA = [
  "/.well-known/oauth-authorization-server",
  "/.well-known/oauth-protected-resource",
  "/.well-known/oauth-protected-resource/mcp",
  "/.well-known/oauth-protected-resource/sse",
];

const METHODS: [path: string, allowed: string[]][] = [
  ["/authorize", ["GET", "HEAD", "POST"]],
  ["/callback", ["GET", "HEAD"]],
  ["/style.css", ["GET", "HEAD"]],
  ["/icon.svg", ["GET", "HEAD"]],
  ["/health", ["GET", "HEAD"]],
  ["/token", ["POST", "OPTIONS"]],
  ["/register", ["POST", "OPTIONS"]],
  ...METADATA.map((path): [string, string[]] => [path, ["GET", "HEAD", "OPTIONS"]]),
];

const ALL = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"];

describe.each(METHODS)("%s", (path, allowed) => {
  it.each(ALL.filter((method) => !allowed.includes(method)))(
    "answers 405 to %s, and says what it takes",
    async (method) => {
      const response = await fetch(server.url + path, { method });

      expect(response.status).toBe(405);
      expect(response.headers.get("allow")?.split(", ")).toEqual(allowed);
    },
  );
});

describe.each([...METADATA, "/", "/style.css", "/icon.svg", "/health"])("HEAD %s", (path) => {
  it("is GET without a body", async () => {
    const [get, head] = await Promise.all([
      fetch(server.url + path),
      fetch(server.url + path, { method: "HEAD" }),
    ]);

    expect(head.status).toBe(200);
    expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"));
    expect(await head.text()).toBe("");
  });
});

describe("HEAD /authorize", () => {
  it("is GET without a body", async () => {
    const { client_id } = await registerClient(server);
    const url = authorizeUrl(server, { client_id, code_challenge: pkce().challenge });

    const response = await fetch(url, { method: "HEAD" });

    expect(response.status).toBe(200);
  });
});

describe("a page of another site", () => {
  const origin = "https://evil.example";
  const client = JSON.stringify({ redirect_uris: [REDIRECT_URI] });

  it.each([
    ["/token", "grant_type=refresh_token", "application/x-www-form-urlencoded", 401],
    ["/token", "x", "text/plain", 400],
    ["/token", "grant_type=a&code=%00", "application/x-www-form-urlencoded", 400],
    ["/register", client, "application/json", 201],
    ["/register", "{", "application/json", 400],
    ["/register", client, "text/plain", 415],
  ])("may read what %s answers to %j, and gets no credential with it", async (...row) => {
    const [path, body, type, status] = row;
    const headers = { origin, "content-type": type };

    const response = await fetch(server.url + path, { method: "POST", headers, body });

    expect(response.status).toBe(status);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
    expect(response.headers.get("set-cookie")).toBeNull();
    expect(response.headers.get("vary")).toContain("Origin");
  });

  it.each(["/token", "/register", ...METADATA])("is answered its preflight of %s", async (path) => {
    const headers = { origin, "access-control-request-method": "POST" };

    const response = await fetch(server.url + path, { method: "OPTIONS", headers });

    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
    expect(response.headers.get("access-control-allow-credentials")).toBeNull();
  });

  it.each(["/authorize", "/callback", "/health", "/style.css"])(
    "may not read what %s answers",
    async (path) => {
      const response = await fetch(server.url + path, { headers: { origin } });

      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    },
  );
});
