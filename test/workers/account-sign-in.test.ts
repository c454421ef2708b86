import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { AccountVisitor, visitAccount } from "../support/account.ts";
import { Browser, locationOf } from "../support/browser.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
afterEach(() => server.github.clearFaults());

const isSignedIn = (page: string) => page.includes("Signed in as");

describe("the account page of nobody", () => {
  it("says what it is for, and offers to sign in with GitHub", async () => {
    const response = await new AccountVisitor(server).open();

    const page = await response.text();
    expect(response.status).toBe(200);
    expect(page).toContain("See what is connected in your name");
    expect(page).toContain('method="post" action="/account/sign-in"');
    expect(page).toContain("Sign in with GitHub");
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("has no script, loads nothing from elsewhere, and is in no cache and no frame", async () => {
    const { headers } = await new AccountVisitor(server).open();

    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
  });
});

describe("signing in to the account page", () => {
  it("asks GitHub, with PKCE, for nothing but who the person is", async () => {
    const there = new URL(await new AccountVisitor(server).leave());

    expect(there.origin).toBe(server.githubUrl);
    expect(Object.fromEntries(there.searchParams)).toEqual({
      client_id: expect.any(String),
      redirect_uri: `${server.url}/callback`,
      scope: "read:user",
      state: expect.stringMatching(/^account\.[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: "S256",
    });
  });

  it("ends on the page, as the person that GitHub names", async () => {
    const visitor = new AccountVisitor(server);

    const back = await visitor.browser.fetch(await visitor.pick("hubot"));

    expect(back.status).toBe(303);
    expect(back.headers.get("location")).toBe("/account");
    expect(back.headers.get("cache-control")).toBe("no-store");
    expect(await visitor.page()).toContain("Signed in as <strong>hubot</strong>");
  });

  it("keeps its cookies to this host, over TLS, out of a script's reach, for ten minutes and one hour", async () => {
    const visitor = new AccountVisitor(server);
    const leaving = await visitor.submit("sign-in", []);
    const back = await server.github.pickAccount(locationOf(leaving).href, "octocat");
    const arrived = await visitor.browser.fetch(back);

    const cookies = [...leaving.headers.getSetCookie(), ...arrived.headers.getSetCookie()];
    expect(cookies.map((cookie) => cookie.replace(/=v1[^;]*/, "=…"))).toEqual([
      "__Host-account-sign-in=…; Max-Age=600; Path=/; HttpOnly; Secure; SameSite=Lax",
      "__Host-account=…; Max-Age=3600; Path=/; HttpOnly; Secure; SameSite=Lax",
      "__Host-account-sign-in=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax",
    ]);
    expect(cookies.join()).not.toMatch(/octocat|583231/);
  });

  it("leaves no token of the person at GitHub", async () => {
    await visitAccount(server, "mona");

    await vi.waitFor(async () => expect(await server.github.tokens("mona")).toEqual([]), 10_000);
    expect((await server.github.requests("mona")).map(({ path }) => path)).toContain(
      "/api/v3/user",
    );
  });

  it("leaves no token at GitHub even when GitHub does not say who it is", async () => {
    await server.github.fault({ match: { path: "/api/v3/user" }, fault: { kind: "wrong-type" } });
    const visitor = new AccountVisitor(server);

    const back = await visitor.browser.fetch(await visitor.pick("codercat"));

    expect(back.status).toBe(502);
    await vi.waitFor(
      async () => expect(await server.github.tokens("codercat")).toEqual([]),
      10_000,
    );
  });
});

describe("the way back to the account page", () => {
  it("is refused to a browser that did not begin it", async () => {
    const back = await new AccountVisitor(server).pick("hubot");

    const response = await new Browser().fetch(back);

    expect(response.status).toBe(400);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await response.text()).toContain('href="/account"');
  });

  it("is refused to a browser that began another, which may still finish its own", async () => {
    const [victim, attacker] = [new AccountVisitor(server), new AccountVisitor(server)];
    const [own, foreign] = [await victim.pick("octocat"), await attacker.pick("hubot")];

    const refused = await victim.browser.fetch(foreign);
    const taken = await victim.browser.fetch(own);

    expect(refused.status).toBe(400);
    expect(taken.status).toBe(303);
    expect(await victim.page()).toContain("Signed in as <strong>octocat</strong>");
  });

  it("works once, however it ended", async () => {
    const visitor = new AccountVisitor(server);
    const declined = await server.github.cancelSignIn(await visitor.leave());

    const first = await visitor.browser.fetch(declined);
    const second = await visitor.browser.fetch(declined);

    expect([first.status, second.status]).toEqual([400, 400]);
    expect(await first.text()).toContain("You did not sign in at GitHub");
    expect(await second.text()).toContain("already used");
    expect(isSignedIn(await visitor.page())).toBe(false);
  });

  it.each(["?code=x&state=account.", "?state=account.x", "?code=x&state=account.%00"])(
    "is refused as %s",
    async (search) => {
      const response = await fetch(`${server.url}/callback${search}`, { redirect: "manual" });

      expect(response.status).toBe(400);
    },
  );

  it("takes no code that cannot be one to GitHub", async () => {
    const visitor = new AccountVisitor(server);
    const back = new URL(await visitor.pick("octocat"));
    back.searchParams.set("code", "x".repeat(300));

    const response = await visitor.browser.fetch(back.href);

    expect(response.status).toBe(400);
    expect(await response.text()).toContain("without saying who you are");
  });

  it.each([
    ["refuses the code", 400, { error: "bad_verification_code" }],
    ["does not know this server", 502, { error: "incorrect_client_credentials" }],
    ["answers nonsense", 502, { nonsense: true }],
  ])("ends on a page that says how to go on when GitHub %s", async (_what, status, body) => {
    const visitor = new AccountVisitor(server);
    const back = await visitor.pick("octocat");
    const headers = { "content-type": "application/json" };
    await server.github.fault({
      match: { path: "/login/oauth/access_token" },
      fault: { kind: "status", status: 200, headers, body },
    });

    const response = await visitor.browser.fetch(back);

    const page = await response.text();
    expect(response.status).toBe(status);
    expect(page).toContain("Sign-in stopped");
    expect(page).toContain("Go to your account page and sign in again.");
    expect(page).not.toMatch(/bad_verification|incorrect_client|nonsense/);
    expect(isSignedIn(await visitor.page())).toBe(false);
  });
});

describe("signing out", () => {
  it("ends what the page shows", async () => {
    const visitor = await visitAccount(server, "octocat");

    const response = await visitor.press("sign-out");

    expect(response.status).toBe(303);
    expect(response.headers.get("location")).toBe("/account");
    expect(isSignedIn(await visitor.page())).toBe(false);
  });

  it("takes the secret of the page's form", async () => {
    const visitor = await visitAccount(server, "octocat");

    const response = await visitor.submit("sign-out", [["csrf", "invented"]]);

    expect(response.status).toBe(403);
    expect(isSignedIn(await visitor.page())).toBe(true);
  });
});
