import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf, locationOf } from "../../support/browser.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { allow, authorizeUrl, pkce, registerClient } from "../../support/sign-in.ts";

let server: TestServer;
let clientId: string;
beforeAll(async () => {
  server = await startServer();
  clientId = (await registerClient(server)).client_id;
});
afterAll(() => server.close());

const urlWith = (state: string) =>
  authorizeUrl(server, { client_id: clientId, code_challenge: pkce().challenge, state });

const STATES: [what: string, state: string][] = [
  ["of 14 KB", "s".repeat(14 * 1024)],
  ["in several scripts", "état 状態 حالة 😀"],
  ["with line breaks", "a\r\nSet-Cookie: stolen=1\r\n\r\nb"],
  ["that looks like parameters", "a&code=stolen&iss=https://evil.example#x+y%20z"],
];

describe("a client's state", () => {
  it.each(STATES)("%s comes back with the code, as it was", async (_what, state) => {
    const back = await allow(server, urlWith(state), { login: "octocat" });

    expect(back.searchParams.getAll("state")).toEqual([state]);
    expect(back.searchParams.getAll("iss")).toEqual([server.url]);
    expect(back.searchParams.getAll("code")).toHaveLength(1);
    expect(back.hash).toBe("");
  });

  it.each(STATES)("%s comes back with a denial, as it was", async (_what, state) => {
    const browser = new Browser();
    const handle = handleOf(await (await browser.fetch(urlWith(state))).text());

    const denied = await browser.submit(`${server.url}/authorize`, [["handle", handle]]);

    const back = locationOf(denied);
    expect(back.searchParams.getAll("state")).toEqual([state]);
    expect(back.searchParams.getAll("error")).toEqual(["access_denied"]);
    expect(back.searchParams.has("code")).toBe(false);
    expect(denied.headers.getSetCookie().join()).not.toContain("stolen");
  });
});
