import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf, locationOf } from "../../support/browser.ts";
import { HANG_MS } from "../../support/hang.ts";
import { emulateInternet, type Internet } from "../../support/internet.ts";
import { answerTo } from "../../support/oauth-answer.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  allow,
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  registerClient,
  signIn,
} from "../../support/sign-in.ts";
import { stalledBody } from "../../support/streamed-body.ts";

let internet: Internet;
let server: TestServer;
let clientId: string;
beforeAll(async () => {
  internet = emulateInternet();
  server = await startServer();
  clientId = (await registerClient(server)).client_id;
});
afterAll(async () => {
  internet.close();
  await server.close();
});

const { challenge } = pkce();

function url(parameters: Record<string, string | undefined> = {}): string {
  return authorizeUrl(server, { client_id: clientId, code_challenge: challenge, ...parameters });
}

async function open(address: string): Promise<Response> {
  return fetch(address, { redirect: "manual" });
}

async function pageOf(response: Response) {
  const isOurs = (await response.text()).includes("Sign-in stopped");
  return { status: response.status, location: response.headers.get("location"), isOurs };
}

const REFUSED = { status: 400, location: null, isOurs: true };

function errorOf(response: Response) {
  const back = new URL(response.headers.get("location") ?? "about:blank");
  const { error, state, iss, code } = Object.fromEntries(back.searchParams);
  return { address: back.origin + back.pathname, error, state, iss, code };
}

const refused = (error: string) => ({
  address: REDIRECT_URI,
  error,
  state: "the client's state",
  iss: server.url,
  code: undefined,
});

describe("an authorization request", () => {
  it.each(["client_id", "redirect_uri", "code_challenge", "scope", "state", "unknown"])(
    "that repeats %s gets a page, even if both values are the same",
    async (name) => {
      const value = new URL(url({ scope: "mcp:tools", unknown: "x" })).searchParams.get(name) ?? "";
      const again = new URLSearchParams({ [name]: value });

      expect(
        await pageOf(await open(`${url({ scope: "mcp:tools", unknown: "x" })}&${again}`)),
      ).toEqual(REFUSED);
    },
  );

  it.each([
    ["one character", "a"],
    ["42 characters", "a".repeat(42)],
    ["44 characters", "a".repeat(44)],
    ["10,000 characters", "a".repeat(10_000)],
    ["a character outside base64url", `${"a".repeat(42)}+`],
  ])("gets invalid_request for a PKCE challenge of %s", async (_what, code_challenge) => {
    const response = await open(url({ code_challenge }));

    expect(errorOf(response)).toEqual(refused("invalid_request"));
  });

  it.each([
    ["no PKCE", { code_challenge: undefined, code_challenge_method: undefined }],
    ["plain PKCE", { code_challenge_method: "plain" }],
    ["a challenge without its method", { code_challenge_method: undefined }],
    ["a method without a challenge", { code_challenge: undefined }],
    ["an unknown method", { code_challenge_method: "S512" }],
  ])("of a client with a secret gets invalid_request for %s", async (_what, parameters) => {
    const confidential = await registerClient(server, {
      token_endpoint_auth_method: "client_secret_basic",
    });

    const response = await open(url({ client_id: confidential.client_id, ...parameters }));

    expect(errorOf(response)).toEqual(refused("invalid_request"));
  });

  it("of a client with a secret is shown when it brings PKCE", async () => {
    const confidential = await registerClient(server, {
      token_endpoint_auth_method: "client_secret_basic",
    });

    const response = await open(url({ client_id: confidential.client_id }));

    expect(response.status).toBe(200);
    expect(handleOf(await response.text())).toBeTruthy();
  });

  it.each(['mcp:tools "', "mcp:tools \\", "mcp:tools\0", "mcp:tools €", "mcp:tools\nadmin"])(
    "gets invalid_scope for %j, which is no list of scopes",
    async (scope) => {
      expect(errorOf(await open(url({ scope })))).toEqual(refused("invalid_scope"));
    },
  );

  it.each(["admin", "mcp:tools admin offline_access", "__proto__ constructor"])(
    "for the scope %j is granted only what exists",
    async (scope) => {
      const person = await signIn(server, "octocat", { scope });

      expect(person.scope.split(" ").toSorted()).toEqual(["github:read", "mcp:tools"]);
    },
  );

  it.each([
    ["request", "eyJhbGciOiJub25lIn0.e30."],
    ["request_uri", "https://evil.example/request.jwt"],
    ["response_mode", "fragment"],
    ["prompt", "none"],
    ["id_token_hint", "x"],
  ])("asks the person all the same with %s, and loads nothing", async (name, value) => {
    const response = await open(url({ [name]: value }));

    expect(response.status).toBe(200);
    expect(handleOf(await response.text())).toBeTruthy();
    expect(internet.visits).toEqual([]);
  });

  it("is answered in the query, whatever response_mode asks for", async () => {
    const back = await allow(server, url({ response_mode: "fragment" }), { login: "octocat" });

    expect(back.searchParams.get("code")).toBeTruthy();
    expect(back.hash).toBe("");
  });

  it.each([
    ["600 characters", "a".repeat(600)],
    ["a NUL", "\0"],
    ["characters of many bytes", "€".repeat(170)],
    ["the separator of storage", "a:b:c"],
  ])("gets a page for a client id with %s", async (_what, id) => {
    expect(await pageOf(await open(url({ client_id: id })))).toEqual(REFUSED);
  });
});

describe("the consent form", () => {
  it("gets 408 in time when it never ends", async () => {
    const signal = AbortSignal.timeout(HANG_MS);

    const answer = await answerTo(
      fetch(`${server.url}/authorize`, { ...stalledBody("handle="), signal }),
    );

    expect(answer).toMatchObject({ status: 408 });
  });
});

describe("the way back from GitHub", () => {
  it.each([
    ["no code", ""],
    ["an unknown error", "error=%00%0d%0a"],
    ["a code of 5,000 characters", `code=${"a".repeat(5_000)}`],
    ["a code with a NUL", "code=%00"],
  ])(
    "gets a page, and GitHub no question, when the person's own browser brings %s",
    async (_what, query) => {
      const browser = new Browser();
      const handle = handleOf(await (await browser.fetch(url())).text());
      const allowed = await browser.submit(`${server.url}/authorize`, [
        ["handle", handle],
        ["decision", "allow"],
      ]);
      const state = locationOf(allowed).searchParams.get("state") ?? "";

      const begun = new URLSearchParams({ state });
      await server.github.clearRequests();
      const response = await browser.fetch(`${server.url}/callback?${begun}&${query}`);

      expect(await pageOf(response)).toEqual(REFUSED);
      expect(await server.github.requests()).toEqual([]);
    },
  );
});
