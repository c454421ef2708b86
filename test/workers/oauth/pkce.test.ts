import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { locationOf } from "../../support/browser.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { authorizeUrl, pkce, REDIRECT_URI, registerClient } from "../../support/sign-in.ts";

let server: TestServer;
let clientId: string;
beforeAll(async () => {
  server = await startServer();
  clientId = (await registerClient(server)).client_id;
});
afterAll(() => server.close());

const { challenge } = pkce();

describe("an authorization request with weak PKCE", () => {
  it.each([
    ["there is none", undefined, undefined],
    ["the method is plain", challenge, "plain"],
    ["there is no method, which means plain", challenge, undefined],
    ["the method is unknown", challenge, "S512"],
    ["there is a method and no challenge", undefined, "S256"],
  ])("goes back to the client without a code when %s", async (_what, codeChallenge, method) => {
    const url = authorizeUrl(server, {
      client_id: clientId,
      code_challenge: codeChallenge,
      code_challenge_method: method,
    });

    const response = await fetch(url, { redirect: "manual" });

    expect(response.status).toBe(302);
    const back = locationOf(response);
    expect(back.href.startsWith(REDIRECT_URI)).toBe(true);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      error: "invalid_request",
      state: "the client's state",
      iss: server.url,
    });
    expect(back.searchParams.has("code")).toBe(false);
  });
});
