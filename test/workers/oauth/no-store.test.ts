import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf, locationOf } from "../../support/browser.ts";
import { send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { authorizeUrl, pkce, registerClient, signIn, tokenRequest } from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const register = (metadata: object) =>
  fetch(`${server.url}/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(metadata),
  });

/** Every answer of a sign-in in a browser, and one of a callback that nobody began. */
async function answersOfSignIn(): Promise<Response[]> {
  const { client_id } = await registerClient(server);
  const browser = new Browser();
  const page = await browser.fetch(
    authorizeUrl(server, { client_id, code_challenge: pkce().challenge }),
  );
  const approved = await browser.submit(`${server.url}/authorize`, [
    ["handle", handleOf(await page.text())],
    ["decision", "allow"],
  ]);
  const back = await server.github.pickAccount(locationOf(approved).href, "octocat");
  return [page, approved, await browser.fetch(back), await browser.fetch(back)];
}

describe("no cache keeps", () => {
  it("what a browser sees while a person signs in", async () => {
    const answers = await answersOfSignIn();

    expect(answers.map(({ status }) => status)).toEqual([200, 302, 302, 400]);
    expect(answers.map(({ headers }) => headers.get("cache-control"))).toEqual(
      answers.map(() => "no-store"),
    );
    expect(answers.map(({ headers }) => headers.get("referrer-policy"))).toEqual(
      answers.map(() => "no-referrer"),
    );
  });

  it("tokens, nor their refusals", async () => {
    const person = await signIn(server, "octocat");
    const answers = [
      await person.refresh(),
      await tokenRequest(server, { grant_type: "refresh_token", refresh_token: "a:b:c" }),
      await tokenRequest(server, { client_id: person.client.client_id, grant_type: "password" }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400]);
    expect(answers.map(({ headers }) => headers.get("cache-control"))).toEqual(
      answers.map(() => "no-store"),
    );
  });

  it("registrations, nor their refusals", async () => {
    const answers = [
      await register({ redirect_uris: ["https://client.example/cb"] }),
      await register({ redirect_uris: [] }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([201, 400]);
    expect(answers.map(({ headers }) => headers.get("cache-control"))).toEqual([
      "no-store",
      "no-store",
    ]);
  });

  it.each(["/mcp", "/sse", "/"])("the challenge of %s", async (path) => {
    const method = path === "/sse" ? "GET" : "POST";
    const answers = [
      await send(server, { path, method }),
      await send(server, { path, method, token: "invented" }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(answers.map(({ headers }) => headers.get("cache-control"))).toEqual([
      "no-store",
      "no-store",
    ]);
  });
});
