import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { locationOf } from "../support/browser.ts";
import { HANG_MS } from "../support/hang.ts";
import { emulateInternet, type Internet, published } from "../support/internet.ts";
import { answerTo, refused } from "../support/oauth-answer.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { allow, authorizeUrl, pkce, REDIRECT_URI, tokenRequest } from "../support/sign-in.ts";

const CLIENT_ID = "https://client.example/mcp/metadata.json";

const DOCUMENT = {
  client_id: CLIENT_ID,
  client_name: "Example Client",
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: "none",
};

let internet: Internet;
let server: TestServer;
beforeAll(async () => {
  internet = emulateInternet();
  server = await startServer();
});
afterAll(async () => {
  internet.close();
  await server.close();
});
beforeEach(() => {
  internet.answer = () => published(DOCUMENT);
  internet.visits.length = 0;
});

const { verifier, challenge } = pkce();
const url = () => authorizeUrl(server, { client_id: CLIENT_ID, code_challenge: challenge });

function redeem(code: string): Promise<Response> {
  return tokenRequest(server, {
    grant_type: "authorization_code",
    client_id: CLIENT_ID,
    redirect_uri: REDIRECT_URI,
    code,
    code_verifier: verifier,
  });
}

async function open() {
  const response = await fetch(url(), { redirect: "manual" });
  const isUnverified = (await response.text()).includes("could not be verified");
  return { status: response.status, location: response.headers.get("location"), isUnverified };
}

const REFUSED = { status: 400, location: null, isUnverified: true };

describe("a client that is known by its metadata document", () => {
  it("is shown with its domain, as verified, and signs a person in", async () => {
    const page = await (await fetch(url())).text();
    const back = await allow(server, url(), { login: "octocat" });
    const tokens = await redeem(back.searchParams.get("code") ?? "");

    expect(new Set(internet.visits)).toEqual(new Set([CLIENT_ID]));
    expect(page).toContain("Example Client");
    expect(page).toContain("client.example");
    expect(page).toContain(">verified<");
    expect(page).not.toContain("unverified");
    expect(tokens.status).toBe(200);
  });

  it.each([
    ["names another client", { client_id: "https://client.example/other.json" }],
    ["has no name", { client_name: "" }],
    ["has a name that is a number", { client_name: 7 }],
    ["lists no redirect URI", { redirect_uris: [] }],
    ["lists a javascript: address", { redirect_uris: ["javascript:alert(1)"] }],
    ["has a javascript: home page", { client_uri: "javascript:alert(1)" }],
    ["contains a secret", { client_secret: "secret" }],
    ["asks for a shared secret", { token_endpoint_auth_method: "client_secret_basic" }],
    ["contains a private key", { jwks: { keys: [{ kty: "EC", crv: "P-256", d: "x" }] } }],
    ["is larger than 5 KB", { software_id: "x".repeat(6_000) }],
  ])("is refused on a page of ours when its document %s", async (_what, change) => {
    internet.answer = () => published({ ...DOCUMENT, ...change });

    expect(await open()).toEqual(REFUSED);
  });

  it.each([
    ["is a web page", () => published(DOCUMENT, "text/html")],
    ["is not JSON", () => new Response("{", { headers: { "content-type": "application/json" } })],
    ["is not there", () => new Response(null, { status: 404 })],
    ["fails", () => new Response("boom", { status: 500 })],
    ["is behind a lost connection", () => Promise.reject(new TypeError("fetch failed"))],
  ])("is refused on a page of ours when its document %s", async (_what, answer) => {
    internet.answer = answer;

    expect(await open()).toEqual(REFUSED);
  });

  it("is refused when its address redirects, as an open redirect of an honest site would", async () => {
    internet.answer = (asked) =>
      asked === CLIENT_ID
        ? new Response(null, { status: 302, headers: { location: "https://evil.example/x.json" } })
        : published(DOCUMENT);

    expect(await open()).toEqual(REFUSED);
    expect(internet.visits).toEqual([CLIENT_ID]);
  });

  it("is refused in time when its document never arrives", async () => {
    internet.answer = (_asked, ended) =>
      new Promise((_resolve, reject) => {
        ended.addEventListener("abort", () => reject(new Error("The test is over.")));
      });

    const page = await answerTo(fetch(url(), { signal: AbortSignal.timeout(HANG_MS) }));
    const token = await answerTo(
      tokenRequest(server, {
        grant_type: "refresh_token",
        client_id: CLIENT_ID,
        refresh_token: "1:2:3",
      }),
    );

    expect(page).toMatchObject({ status: 400 });
    expect(token).toEqual(refused(400, "temporarily_unavailable"));
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
