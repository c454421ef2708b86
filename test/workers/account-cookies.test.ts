import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { AccountVisitor, csrfOf, visitAccount } from "../support/account.ts";
import { sealValue } from "../support/sealed-value.ts";
import { SERVER_SECRET, startServer, type TestServer } from "../support/server.ts";

const OCTOCAT = { kind: "person", id: 583231, login: "octocat" };

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
afterEach(() => server.github.clearFaults());

const isSignedIn = (page: string) => page.includes("Signed in as");

function openWith(cookie: string): Promise<Response> {
  return fetch(`${server.url}/account`, { headers: { cookie } });
}

/** A session cookie as this server would make it, with a life and a secret of the test's choice. */
async function sessionCookie({ endsAt = Date.now() + 60_000, secret = SERVER_SECRET }) {
  const value = { identity: OCTOCAT, csrf: "a".repeat(43) };
  const owner = "__Host-account";
  const purpose = "account pages";
  const sealed = await sealValue(JSON.stringify({ value, endsAt }), { secret, purpose, owner });
  return `${owner}=${sealed}`;
}

describe("a cookie of the account page", () => {
  const OVER = "__Host-account=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax";

  it("is taken when this server sealed it and it is not over", async () => {
    const page = await (await openWith(await sessionCookie({}))).text();

    expect(page).toContain("Signed in as <strong>octocat</strong>");
    expect(csrfOf(page)).toBe("a".repeat(43));
  });

  it("is taken away when it is over", async () => {
    const response = await openWith(await sessionCookie({ endsAt: Date.now() - 1000 }));

    expect(isSignedIn(await response.text())).toBe(false);
    expect(response.headers.getSetCookie()).toEqual([OVER]);
  });

  const plain = JSON.stringify({
    value: { identity: OCTOCAT, csrf: "a" },
    endsAt: Date.now() + 60_000,
  });

  it.each([
    ["not sealed", async () => encodeURIComponent(plain)],
    ["base64", async () => Buffer.from(plain).toString("base64url")],
    ["empty", async () => ""],
    ["half", async () => "v1.AAAA"],
    [
      "sealed by somebody else",
      () =>
        sealValue(plain, {
          secret: "x".repeat(40),
          purpose: "account pages",
          owner: "__Host-account",
        }),
    ],
    [
      "sealed for something else",
      () =>
        sealValue(plain, {
          secret: SERVER_SECRET,
          purpose: "account pages",
          owner: "__Host-account-sign-in",
        }),
    ],
    [
      "another kind of sealed value",
      () =>
        sealValue(plain, {
          secret: SERVER_SECRET,
          purpose: "upstream tokens",
          owner: "__Host-account",
        }),
    ],
  ])("is taken away when it is %s", async (_what, forge) => {
    const response = await openWith(`__Host-account=${await forge()}`);

    expect(response.status).toBe(200);
    expect(isSignedIn(await response.text())).toBe(false);
    expect(response.headers.getSetCookie()).toEqual([OVER]);
  });

  it("is taken away when one letter of it is changed", async () => {
    const cookie = await sessionCookie({});
    const changed = cookie.replace(/.(?=.{8}$)/, (letter) => (letter === "A" ? "B" : "A"));

    expect(isSignedIn(await (await openWith(changed)).text())).toBe(false);
  });

  it("is not what a sign-in under way left", async () => {
    const sent = await new AccountVisitor(server).submit("sign-in", []);
    const sealed = /=(v1[^;]+)/.exec(sent.headers.getSetCookie()[0] ?? "")?.[1];

    expect(isSignedIn(await (await openWith(`__Host-account=${sealed}`)).text())).toBe(false);
  });
});

describe("another SERVER_SECRET", () => {
  const NEW_SECRET = "another secret of more than thirty-two characters";

  it("keeps people signed in while it names the former one, and no longer", async () => {
    const visitor = await visitAccount(server, "octocat");

    await server.redeploy({ SERVER_SECRET: NEW_SECRET, PREVIOUS_SERVER_SECRETS: SERVER_SECRET });
    const rotated = await visitor.page();
    await server.redeploy({ SERVER_SECRET: NEW_SECRET });
    const forgotten = await visitor.page();

    expect(isSignedIn(rotated)).toBe(true);
    expect(isSignedIn(forgotten)).toBe(false);
  });
});
