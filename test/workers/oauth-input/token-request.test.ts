import { createHash } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import { answerTo, refused } from "../../support/oauth-answer.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  allow,
  authorizeUrl,
  REDIRECT_URI,
  registerClient,
  signIn,
  type SignedIn,
  tokenRequest,
} from "../../support/sign-in.ts";
import { stalledBody, streamedBody } from "../../support/streamed-body.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded" };

let server: TestServer;
let person: SignedIn;
beforeAll(async () => {
  server = await startServer();
  person = await signIn(server, "octocat");
});
afterAll(() => server.close());

/** A form as it stands on the wire, from the signed-in person's client unless it names another. */
function post(form: string, headers: Record<string, string> = {}): Promise<Response> {
  const client = form.includes("client_id=") ? "" : `&client_id=${person.client.client_id}`;
  const body = "authorization" in headers ? form : form + client;
  return fetch(`${server.url}/token`, { method: "POST", headers: { ...FORM, ...headers }, body });
}

const basic = (credentials: string) => ({ authorization: `Basic ${btoa(credentials)}` });

/** Longer than any key in storage, in the shape of a token, and beyond what a token may contain. */
const IMPOSSIBLE: [what: string, value: string][] = [
  ["600 characters", "a".repeat(600)],
  ["600 characters in the place of the person", `${"a".repeat(600)}:b:c`],
  ["600 characters in the place of the grant", `1:${"a".repeat(600)}:c`],
  ["60,000 characters", "a".repeat(60_000)],
  ["a NUL", "1:%00:c"],
  ["characters of many bytes", `1:${"%F0%9F%98%80".repeat(200)}:c`],
  ["bytes that are no UTF-8", "1:%ff%fe:c"],
  ["half of a surrogate pair", "1:%ED%A0%80:c"],
];

describe("a token request", () => {
  it.each(IMPOSSIBLE)("gets invalid_grant for a code with %s", async (_what, code) => {
    const answer = await answerTo(post(`grant_type=authorization_code&code=${code}`));

    expect(answer).toEqual(refused(400, "invalid_grant"));
  });

  it.each(IMPOSSIBLE)("gets invalid_grant for a refresh token with %s", async (_what, token) => {
    const answer = await answerTo(post(`grant_type=refresh_token&refresh_token=${token}`));

    expect(answer).toEqual(refused(400, "invalid_grant"));
  });

  it.each([
    ["600 characters", "a".repeat(600)],
    ["characters of many bytes", "%E2%82%AC".repeat(170)],
    ["a NUL", "%00"],
    ["a colon", "a:b"],
    ["an address of 600 characters", `https://client.example/${"a".repeat(600)}`],
  ])("gets invalid_client for a client id with %s", async (_what, id) => {
    const answer = await answerTo(
      post(`grant_type=refresh_token&refresh_token=1:2:3&client_id=${id}`),
    );

    expect(answer).toEqual(refused(401, "invalid_client"));
  });

  it("gets invalid_client for a long client id behind an empty one", async () => {
    const form = `grant_type=refresh_token&refresh_token=1:2:3&client_id=&client_id=${"a".repeat(600)}`;

    expect(await answerTo(post(form))).toEqual(refused(401, "invalid_client"));
  });

  it("gets invalid_client for a long client id in an assertion", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const assertion = `${part({ alg: "ES256" })}.${part({ iss: "a".repeat(600) })}.AA`;
    const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    const answer = await answerTo(
      tokenRequest(server, {
        grant_type: "refresh_token",
        refresh_token: "1:2:3",
        client_assertion_type: type,
        client_assertion: assertion,
      }),
    );

    expect(answer).toEqual(refused(401, "invalid_client"));
  });

  it.each([
    ["a client id of 600 characters", basic(`${"a".repeat(600)}:b`)],
    ["a client id of many bytes", basic(`${"%E2%82%AC".repeat(170)}:b`)],
    ["a secret of 3,000 characters", basic(`nobody:${"a".repeat(3_000)}`)],
    ["a broken escape", basic("%zz:b")],
    ["no colon", basic("nobody")],
    ["no base64", { authorization: "Basic !!!" }],
    ["nothing at all", { authorization: "Basic" }],
  ])("gets invalid_client and a challenge for Basic with %s", async (_what, headers) => {
    const response = await post("grant_type=refresh_token&refresh_token=1:2:3", headers);

    expect(response.headers.get("www-authenticate")).toBe('Basic realm="OAuth"');
    expect(await answerTo(Promise.resolve(response))).toEqual(refused(401, "invalid_client"));
  });

  it.each([
    ["another scheme", "grant_type=refresh_token", { authorization: "Bearer x" }],
    ["an unknown client", "grant_type=refresh_token&client_id=nobody", {}],
    ["an impossible client", `grant_type=refresh_token&client_id=${"a".repeat(600)}`, {}],
  ])("gets a challenge with every 401: for %s", async (_what, form, headers) => {
    const response = await post(form, headers);

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe('Basic realm="OAuth"');
  });

  it.each([
    ["42 characters", "a".repeat(42)],
    ["129 characters", "a".repeat(129)],
    ["spaces", " ".repeat(43)],
  ])(
    "gets invalid_grant for a code_verifier of %s, even the right one",
    async (_what, verifier) => {
      const challenge = createHash("sha256").update(verifier).digest("base64url");
      const { client_id } = person.client;
      const url = authorizeUrl(server, { client_id, code_challenge: challenge });
      const back = await allow(server, url, { login: "octocat" });

      const answer = await answerTo(
        tokenRequest(server, {
          grant_type: "authorization_code",
          client_id,
          redirect_uri: REDIRECT_URI,
          code: back.searchParams.get("code") ?? "",
          code_verifier: verifier,
        }),
      );

      expect(answer).toEqual(refused(400, "invalid_grant"));
    },
  );

  it.each(["grant_type", "refresh_token", "scope", "client_id", "client_secret", "unknown"])(
    "gets invalid_request when %s is repeated",
    async (name) => {
      const form = `grant_type=refresh_token&refresh_token=1:2:3&client_id=x&${name}=a&${name}=a`;

      expect(await answerTo(post(form))).toEqual(refused(400, "invalid_request"));
    },
  );

  it.each([
    ["an unknown grant type", "grant_type=password", "unsupported_grant_type"],
    ["no grant type", "scope=mcp:tools", "invalid_request"],
    ["nothing", "", "invalid_request"],
    [
      "another resource",
      "grant_type=refresh_token&resource=https://evil.example",
      "invalid_target",
    ],
    [
      "two resources",
      "grant_type=refresh_token&resource=https://a.example&resource=https://b.example",
      "invalid_target",
    ],
    ["a broken escape", "grant_type=%zz", "unsupported_grant_type"],
    ["names of Object", "__proto__=x&constructor=y&grant_type=toString", "unsupported_grant_type"],
  ])("gets the error that its RFC names for %s", async (_what, form, error) => {
    expect(await answerTo(post(form))).toEqual(refused(400, error));
  });

  it("gets invalid_request for a body of bytes that are no UTF-8", async () => {
    const response = fetch(`${server.url}/token`, {
      method: "POST",
      headers: FORM,
      body: new Uint8Array([0xff, 0xfe, 0x00]),
    });

    expect(await answerTo(response)).toEqual(refused(400, "invalid_request"));
  });

  it.each(["application/json", "multipart/form-data; boundary=x", "text/plain", ""])(
    "gets invalid_request for the content type %j",
    async (type) => {
      const response = post("grant_type=refresh_token", { "content-type": type });

      expect(await answerTo(response)).toEqual(refused(400, "invalid_request"));
    },
  );

  it("gets 413 for a form of 65 KiB that names its length", async () => {
    const answer = await answerTo(post(`grant_type=refresh_token&x=${"a".repeat(65 * 1024)}`));

    expect(answer).toEqual(refused(413, "invalid_request"));
  });

  it("gets 413 for a form of 2 MB that names no length, and the next one is served", async () => {
    const flood = { ...streamedBody(2_000_000, "grant_type=refresh_token&x="), headers: FORM };

    const answer = await answerTo(fetch(`${server.url}/token`, flood));

    expect(answer).toEqual(refused(413, "invalid_request"));
    expect((await person.refresh()).status).toBe(200);
  });

  it("gets 408 in time for a form that never ends", async () => {
    const stalled = { ...stalledBody("grant_type=refresh_token&x="), headers: FORM };
    const signal = AbortSignal.timeout(HANG_MS);

    const answer = await answerTo(fetch(`${server.url}/token`, { ...stalled, signal }));

    expect(answer).toEqual(refused(408, "invalid_request"));
  });
});

describe("a revocation", () => {
  it.each(IMPOSSIBLE)("succeeds for an unknown token with %s", async (_what, token) => {
    const response = await post(`token=${token}`);

    expect(response.status).toBe(200);
  });

  it("of an impossible token is refused to a client that does not exist", async () => {
    const answer = await answerTo(post(`token=${"a".repeat(600)}:b:c&client_id=nobody`));

    expect(answer).toEqual(refused(401, "invalid_client"));
  });
});

describe("a client with a secret", () => {
  it("is refused with another secret, whatever its length", async () => {
    const { client_id } = await registerClient(server, {
      token_endpoint_auth_method: "client_secret_post",
    });

    const answers = await Promise.all(
      ["x", "x".repeat(60_000), "%00", "%ff"].map((secret) =>
        answerTo(post(`grant_type=refresh_token&client_id=${client_id}&client_secret=${secret}`)),
      ),
    );

    expect(answers).toEqual(answers.map(() => refused(401, "invalid_client")));
  });
});
