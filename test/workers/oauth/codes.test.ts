import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { locationOf } from "../../support/browser.ts";
import { INITIALIZE, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  allow,
  authorizeUrl,
  pkce,
  REDIRECT_URI,
  registerClient,
  type RegisteredClient,
  tokenRequest,
  type Tokens,
} from "../../support/sign-in.ts";

const OTHER_URI = "https://client.example/cb";

let server: TestServer;
let client: RegisteredClient;
beforeAll(async () => {
  server = await startServer();
  client = await registerClient(server, { redirect_uris: [REDIRECT_URI, OTHER_URI] });
});
afterAll(() => server.close());

/** A client's code, and what redeems it. */
async function newCode(): Promise<Record<string, string>> {
  const { verifier, challenge } = pkce();
  const url = authorizeUrl(server, { client_id: client.client_id, code_challenge: challenge });
  const back = await allow(server, url, { login: "octocat" });
  return {
    grant_type: "authorization_code",
    client_id: client.client_id,
    redirect_uri: REDIRECT_URI,
    code: back.searchParams.get("code") ?? "",
    code_verifier: verifier,
  };
}

async function redeem(parameters: Record<string, string>) {
  const response = await tokenRequest(server, parameters);
  const body = (await response.json()) as Partial<Tokens> & { error?: string };
  return { status: response.status, body };
}

const entranceOf = async (token = "") =>
  (await send(server, { token, message: INITIALIZE })).status;

describe("an authorization code", () => {
  it("is refused with another verifier or none, and is still good with its own", async () => {
    const { code_verifier: verifier = "", ...withoutVerifier } = await newCode();

    const wrong = await redeem({ ...withoutVerifier, code_verifier: pkce().verifier });
    const none = await redeem(withoutVerifier);
    const right = await redeem({ ...withoutVerifier, code_verifier: verifier });

    expect(wrong).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(none).toMatchObject({ status: 400, body: { error: "invalid_request" } });
    expect(right).toMatchObject({ status: 200, body: { token_type: "bearer" } });
  });

  it("ends what it gave when it comes a second time", async () => {
    const parameters = await newCode();
    const first = await redeem(parameters);
    const before = await entranceOf(first.body.access_token);

    const second = await redeem(parameters);

    expect(before).toBe(200);
    expect(second).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(await entranceOf(first.body.access_token)).toBe(401);
  });

  it("is refused to another client", async () => {
    const parameters = await newCode();
    const thief = await registerClient(server, {
      client_name: "Another",
      redirect_uris: [REDIRECT_URI, OTHER_URI],
    });

    const stolen = await redeem({ ...parameters, client_id: thief.client_id });

    expect(stolen).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(stolen.body.access_token).toBeUndefined();
  });

  it.each([
    ["another registered redirect URI", OTHER_URI],
    ["another port", "http://127.0.0.1:10/callback"],
    ["an unregistered redirect URI", "https://evil.example/cb"],
  ])("is refused with %s", async (_what, redirectUri) => {
    const parameters = await newCode();

    const answer = await redeem({ ...parameters, redirect_uri: redirectUri });

    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });

  it.each(["https://evil.example", "http://127.0.0.1:1/mcp"])(
    "is refused for the resource %s, and is still good for its own",
    async (resource) => {
      const parameters = await newCode();

      const elsewhere = await redeem({ ...parameters, resource });
      const here = await redeem({ ...parameters, resource: `${server.url}/mcp` });

      expect(elsewhere).toMatchObject({ status: 400, body: { error: "invalid_target" } });
      expect(here).toMatchObject({ status: 200, body: { resource: `${server.url}/mcp` } });
    },
  );

  it("is refused for another resource of this server than the one that was authorized", async () => {
    const parameters = await newCode();

    const answer = await redeem({ ...parameters, resource: `${server.url}/sse` });

    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_target" } });
  });
});

describe("an authorization request for a resource elsewhere", () => {
  it("goes back to the client with invalid_target", async () => {
    const url = authorizeUrl(server, {
      client_id: client.client_id,
      code_challenge: pkce().challenge,
      resource: "https://evil.example",
    });

    const response = await fetch(url, { redirect: "manual" });

    expect(response.status).toBe(302);
    const back = locationOf(response);
    expect(back.searchParams.get("error")).toBe("invalid_target");
    expect(back.searchParams.has("code")).toBe(false);
  });
});
