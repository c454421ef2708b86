import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServer, type TestServer } from "../../support/server.ts";
import { authorizeUrl, pkce, REDIRECT_URI, registerClient } from "../../support/sign-in.ts";

const REMOTE_URI = "https://client.example/cb";

let server: TestServer;
let clientId: string;
beforeAll(async () => {
  server = await startServer();
  const client = await registerClient(server, { redirect_uris: [REMOTE_URI, REDIRECT_URI] });
  clientId = client.client_id;
});
afterAll(() => server.close());

const { challenge } = pkce();

function authorize(redirectUri: string | undefined): Promise<Response> {
  const parameters = { client_id: clientId, code_challenge: challenge, redirect_uri: redirectUri };
  return fetch(authorizeUrl(server, parameters), { redirect: "manual" });
}

describe("a redirect URI", () => {
  it.each([REMOTE_URI, REDIRECT_URI])("is taken as it was registered: %s", async (redirectUri) => {
    const response = await authorize(redirectUri);

    expect(response.status).toBe(200);
  });

  it.each([
    ["names another host", "https://evil.example/cb"],
    ["goes below the registered path", `${REMOTE_URI}/x`],
    ["has a query", `${REMOTE_URI}?x=1`],
    ["has a trailing slash", `${REMOTE_URI}/`],
    ["spells the host in upper case", "https://CLIENT.example/cb"],
    ["names a person", "https://client.example@evil.example/cb"],
    ["names a person at the registered host", "https://evil@client.example/cb"],
    ["has a fragment", `${REMOTE_URI}#f`],
    ["is http instead of https", "http://client.example/cb"],
    ["names another port", "https://client.example:8443/cb"],
    ["is empty", ""],
    ["is missing", undefined],
    ["runs a script", "javascript:alert(1)"],
    ["is data", "data:text/html,<script>alert(1)</script>"],
  ])("gets a page and no redirect when it %s", async (_what, redirectUri) => {
    const response = await authorize(redirectUri);

    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
    expect(await response.text()).toContain("Sign-in stopped");
  });
});

describe("a redirect URI on this computer", () => {
  it("may name another port, which the system chose (RFC 8252, section 7.3)", async () => {
    const response = await authorize("http://127.0.0.1:54321/callback");

    expect(response.status).toBe(200);
  });

  it.each([
    ["names another path", "http://127.0.0.1:9/other"],
    ["has a query", "http://127.0.0.1:9/callback?x=1"],
    ["says localhost for 127.0.0.1", "http://localhost:9/callback"],
    ["says ::1 for 127.0.0.1", "http://[::1]:9/callback"],
    ["names a person", "http://evil@127.0.0.1:9/callback"],
    ["only begins like it", "http://127.0.0.1.evil.example:9/callback"],
  ])("gets a page and no redirect when it %s", async (_what, redirectUri) => {
    const response = await authorize(redirectUri);

    expect(response.status).toBe(400);
    expect(response.headers.get("location")).toBeNull();
  });
});
