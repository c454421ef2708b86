import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { locationOf } from "../support/browser.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { allow, authorizeUrl, pkce, REDIRECT_URI, tokenRequest } from "../support/sign-in.ts";

const CLIENT_ID = "https://client.example/mcp/metadata.json";

/** What the client's own web server publishes, and how often it was asked. */
const published = { document: {} as object, type: "application/json", requests: 0 };

let server: TestServer;
beforeAll(async () => {
  // The harness carries the Worker's own requests over this process's fetch: here the internet begins.
  const internet = globalThis.fetch;
  vi.stubGlobal("fetch", (input: string | URL | Request, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith("https://client.example/")) return internet(input, init);
    published.requests += 1;
    const headers = { "content-type": published.type, "cache-control": "no-store" };
    return Promise.resolve(new Response(JSON.stringify(published.document), { headers }));
  });
  server = await startServer();
});
afterAll(async () => {
  await server.close();
  vi.unstubAllGlobals();
});
beforeEach(() => {
  published.document = {
    client_id: CLIENT_ID,
    client_name: "Example Client",
    redirect_uris: [REDIRECT_URI],
    token_endpoint_auth_method: "none",
  };
  published.requests = 0;
});

const { verifier, challenge } = pkce();
const url = () => authorizeUrl(server, { client_id: CLIENT_ID, code_challenge: challenge });

describe("a client that is known by its metadata document", () => {
  it("is shown with its domain, as verified, and signs a person in", async () => {
    const page = await (await fetch(url())).text();
    const back = await allow(server, url(), { login: "octocat" });
    const tokens = await tokenRequest(server, {
      grant_type: "authorization_code",
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      code: back.searchParams.get("code") ?? "",
      code_verifier: verifier,
    });

    expect(published.requests).toBeGreaterThan(0);
    expect(page).toContain("Example Client");
    expect(page).toContain("client.example");
    expect(page).toContain(">verified<");
    expect(page).not.toContain("unverified");
    expect(tokens.status).toBe(200);
  });

  it.each([
    ["names another client", { client_id: "https://client.example/other.json" }],
    ["has no name", { client_name: "" }],
    ["lists no redirect URI", { redirect_uris: [] }],
    ["lists a javascript: address", { redirect_uris: ["javascript:alert(1)"] }],
  ])("is refused on a page of ours when its document %s", async (_what, change) => {
    published.document = { ...published.document, ...change };

    const response = await fetch(url(), { redirect: "manual" });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain("could not be verified");
  });

  it("gets no redirect to an address that its document does not list", async () => {
    const elsewhere = authorizeUrl(server, {
      client_id: CLIENT_ID,
      code_challenge: challenge,
      redirect_uri: "https://evil.example/callback",
    });

    const response = await fetch(elsewhere, { redirect: "manual" });

    expect(response.status).toBe(400);
    expect(() => locationOf(response)).toThrow("Expected a redirect");
  });
});
