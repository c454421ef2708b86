import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import { answerTo, refused } from "../../support/oauth-answer.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { REDIRECT_URI } from "../../support/sign-in.ts";
import { stalledBody, streamedBody } from "../../support/streamed-body.ts";

const JSON_TYPE = { "content-type": "application/json" };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

function register(body: string, headers: Record<string, string> = JSON_TYPE): Promise<Response> {
  return fetch(`${server.url}/register`, { method: "POST", headers, body });
}

function registerWith(metadata: object): Promise<Response> {
  const usual = { redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: "none" };
  return register(JSON.stringify({ ...usual, ...metadata }));
}

const addresses = (count: number) =>
  Array.from({ length: count }, (_entry, index) => `https://a.example/${index}`);

describe("a registration", () => {
  it.each([
    ["javascript:alert(1)"],
    ["JaVaScRiPt:alert(1)"],
    ["data:text/html,x"],
    ["vbscript:x"],
    ["file:///etc/passwd"],
    ["mailto:a@a.example"],
    ["blob:https://a.example/x"],
    ["https://a.example/cb#fragment"],
    ["https://a.example/cb#"],
    ["https://name@a.example/cb"],
    ["https://*.example/cb"],
    ["https://%2A.example/cb"],
    ["/relative"],
    [""],
    [`https://a.example/${"x".repeat(2_048)}`],
  ])("is refused for the redirect URI %j, also beside a good one", async (uri) => {
    const answers = await Promise.all([
      answerTo(registerWith({ redirect_uris: [uri] })),
      answerTo(registerWith({ redirect_uris: [REDIRECT_URI, uri] })),
    ]);

    expect(answers).toEqual([
      refused(400, "invalid_redirect_uri"),
      refused(400, "invalid_redirect_uri"),
    ]);
  });

  it.each([
    ["none", []],
    ["eleven", addresses(11)],
    ["a thousand", Array.from({ length: 1_000 }, () => "https://a.b/")],
    ["only http of another host", ["http://remote.example/callback"]],
    ["only a private scheme", ["app.example:/callback"]],
    ["a text", REDIRECT_URI],
    ["a number", [7]],
    ["null", null],
  ])("is refused when its redirect URIs are %s", async (_what, uris) => {
    expect(await answerTo(registerWith({ redirect_uris: uris }))).toEqual(
      refused(400, "invalid_redirect_uri"),
    );
  });

  it("is accepted with ten redirect URIs, one of them of an app's own scheme", async () => {
    const uris = [...addresses(9), "cursor://anysphere.cursor-mcp/oauth/callback"];

    const response = await registerWith({ redirect_uris: uris });

    expect(response.status).toBe(201);
  });

  it.each([
    ["a name of 201 characters", { client_name: "n".repeat(201) }],
    ["such a name in German", { "client_name#de": "n".repeat(201) }],
    ["a text of 2,049 characters", { tos_uri: `https://a.example/${"x".repeat(2_031)}` }],
    ["such a text in a list", { contacts: ["x".repeat(2_049)] }],
    ["a number for a name", { client_name: 7 }],
    ["a list for a name", { client_name: ["x"] }],
    ["a text for contacts", { contacts: "x" }],
    ["null for contacts", { contacts: null }],
    ["a javascript: logo", { logo_uri: "javascript:alert(1)" }],
    ["a javascript: home page", { client_uri: "JaVaScRiPt:alert(1)" }],
    ["a data: policy", { policy_uri: "data:text/html,x" }],
    ["a javascript: logo in German", { "logo_uri#de": "javascript:alert(1)" }],
    ["an unknown way to authenticate", { token_endpoint_auth_method: "toString" }],
    ["an unknown grant type", { grant_types: ["__proto__"] }],
    ["an unknown response type", { response_types: ["token"] }],
  ])("is refused as invalid metadata for %s", async (_what, metadata) => {
    expect(await answerTo(registerWith(metadata))).toEqual(refused(400, "invalid_client_metadata"));
  });

  it.each(["", "{", "null", "1", '"x"', "[]", "[".repeat(10_000)])(
    "is refused as invalid metadata for the body %j",
    async (body) => {
      expect(await answerTo(register(body))).toEqual(refused(400, "invalid_client_metadata"));
    },
  );

  it.each(["text/plain", "application/x-www-form-urlencoded", "text/html; application/json", ""])(
    "gets 415 for the content type %j, which a page of any site may send",
    async (type) => {
      const body = JSON.stringify({ redirect_uris: [REDIRECT_URI] });

      expect(await answerTo(register(body, { "content-type": type }))).toEqual(
        refused(415, "invalid_request"),
      );
    },
  );

  it("is accepted as JSON with a charset", async () => {
    const body = JSON.stringify({ redirect_uris: [REDIRECT_URI] });

    const response = await register(body, { "content-type": "Application/JSON; charset=utf-8" });

    expect(response.status).toBe(201);
  });

  it("gets 413 for 17 KiB of names that nobody knows", async () => {
    const junk = { junk: Array.from({ length: 17 }, () => "x".repeat(1_024)) };

    expect(await answerTo(registerWith(junk))).toEqual(refused(413, "invalid_request"));
  });

  it("gets 413 for 2 MB that name no length, and the next one is served", async () => {
    const flood = { ...streamedBody(2_000_000, '{"client_name":"'), headers: JSON_TYPE };

    const answer = await answerTo(fetch(`${server.url}/register`, flood));

    expect(answer).toEqual(refused(413, "invalid_request"));
    expect((await registerWith({})).status).toBe(201);
  });

  it("gets 408 in time for a body that never ends", async () => {
    const stalled = { ...stalledBody("{"), headers: JSON_TYPE };
    const signal = AbortSignal.timeout(HANG_MS);

    const answer = await answerTo(fetch(`${server.url}/register`, { ...stalled, signal }));

    expect(answer).toEqual(refused(408, "invalid_request"));
  });
});
