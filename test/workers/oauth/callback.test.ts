import { createHash } from "node:crypto";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf, locationOf } from "../../support/browser.ts";
import { type NetworkServer, startNetworkServer } from "../../support/network-server.ts";
import { authorizeUrl, pkce, registerClient, signIn } from "../../support/sign-in.ts";

const TOKEN_ENDPOINT = "/login/oauth/access_token";

let server: NetworkServer;
let clientId: string;
beforeAll(async () => {
  server = await startNetworkServer();
  clientId = (await registerClient(server)).client_id;
});
afterAll(() => server.close());
afterEach(() => server.github.clearFaults());

/** A browser that a person allowed a client in, and where it goes at GitHub. */
async function leaving(): Promise<{ browser: Browser; there: string }> {
  const browser = new Browser();
  const url = authorizeUrl(server, { client_id: clientId, code_challenge: pkce().challenge });
  const handle = handleOf(await (await browser.fetch(url)).text());
  const allowed = await browser.submit(`${server.url}/authorize`, [
    ["handle", handle],
    ["decision", "allow"],
  ]);
  return { browser, there: locationOf(allowed).href };
}

/** A browser in which octocat signed in at GitHub, and where it comes back to. */
async function returning(): Promise<{ browser: Browser; back: URL }> {
  const { browser, there } = await leaving();
  return { browser, back: new URL(await server.github.pickAccount(there, "octocat")) };
}

const REFUSED = { status: 400, location: null };

function outcomeOf({ status, headers }: Response) {
  return { status, location: headers.get("location") };
}

const cookieFor = (kind: string, handle: string) => {
  const hash = createHash("sha256").update(handle).digest("hex");
  return `__Host-oauth-${kind}-${hash.slice(0, 16)}=${hash}`;
};

describe("the way back from GitHub", () => {
  it("is refused to a browser that did not begin it", async () => {
    const { back } = await returning();

    expect(outcomeOf(await new Browser().fetch(back.href))).toEqual(REFUSED);
  });

  it("is refused to a browser that began another", async () => {
    const [own, other] = [await returning(), await returning()];

    expect(outcomeOf(await other.browser.fetch(own.back.href))).toEqual(REFUSED);
  });

  it.each([
    ["wrong", (back: URL) => back.searchParams.set("state", "A".repeat(43))],
    ["empty", (back: URL) => back.searchParams.set("state", "")],
    ["missing", (back: URL) => back.searchParams.delete("state")],
  ])("is refused when the state is %s", async (_what, change) => {
    const { browser, back } = await returning();
    change(back);

    expect(outcomeOf(await browser.fetch(back.href))).toEqual(REFUSED);
  });

  it("is refused with a state that nobody gave out, even under a cookie made for it", async () => {
    const { back } = await returning();
    const state = "A".repeat(43);
    back.searchParams.set("state", state);
    const headers = { cookie: cookieFor("upstream", state) };

    expect(outcomeOf(await fetch(back, { headers, redirect: "manual" }))).toEqual(REFUSED);
  });

  it("is refused with the handle of a consent page for a state", async () => {
    const url = authorizeUrl(server, { client_id: clientId, code_challenge: pkce().challenge });
    const handle = handleOf(await (await fetch(url)).text());
    const headers = { cookie: cookieFor("upstream", handle) };
    const back = `${server.url}/callback?code=somebody&state=${handle}`;

    expect(outcomeOf(await fetch(back, { headers, redirect: "manual" }))).toEqual(REFUSED);
  });

  it("is refused a second time, even with the cookie of the first", async () => {
    // A declined sign-in, because GitHub itself would refuse a code that comes twice.
    const { browser, there } = await leaving();
    const declined = new URL(await server.github.cancelSignIn(there));
    const cookie = cookieFor("upstream", declined.searchParams.get("state") ?? "");
    const first = await browser.fetch(declined.href);

    const second = await fetch(declined, { headers: { cookie }, redirect: "manual" });

    expect(first.status).toBe(302);
    expect(outcomeOf(second)).toEqual(REFUSED);
  });
});

describe("the way back from GitHub that is taken ten times at once", () => {
  const tenTimes = async (back: URL) => {
    const headers = { cookie: cookieFor("upstream", back.searchParams.get("state") ?? "") };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => fetch(back, { headers, redirect: "manual" })),
    );
    return answers.toSorted((one, other) => one.status - other.status);
  };

  it("leads to one code, and GitHub is asked once", async () => {
    const { back } = await returning();
    await server.github.clearRequests();

    const [first, ...others] = await tenTimes(back);

    expect(locationOf(first ?? Response.error()).searchParams.has("code")).toBe(true);
    expect(others.map(outcomeOf)).toEqual(others.map(() => REFUSED));
    expect(others).toHaveLength(9);
    const asked = (await server.github.requests()).filter(({ path }) => path === TOKEN_ENDPOINT);
    expect(asked).toHaveLength(1);
  });

  it("leads back to the client once when the person declined", async () => {
    const { there } = await leaving();

    const [first, ...others] = await tenTimes(new URL(await server.github.cancelSignIn(there)));

    expect(first?.status).toBe(302);
    expect(others.map(outcomeOf)).toEqual(others.map(() => REFUSED));
    expect(others).toHaveLength(9);
  });
});

describe("a sign-in at GitHub", () => {
  it("goes back to the client when the person declines", async () => {
    const { browser, there } = await leaving();
    const declined = await server.github.cancelSignIn(there);

    const response = await browser.fetch(declined);

    expect(response.status).toBe(302);
    expect(Object.fromEntries(locationOf(response).searchParams)).toMatchObject({
      error: "access_denied",
      state: "the client's state",
      iss: server.url,
    });
  });

  it("allows no private repositories when GitHub granted fewer scopes than were asked for", async () => {
    const { access_token } = await server.github.mintToken({
      login: "octocat",
      scopes: ["read:user"],
    });
    await server.github.fault({
      match: { path: TOKEN_ENDPOINT },
      fault: {
        kind: "status",
        status: 200,
        headers: { "content-type": "application/json" },
        body: { access_token, token_type: "bearer", scope: "read:user" },
      },
      times: 1,
    });

    const person = await signIn(server, "octocat", { ticks: ["github:private"] });

    expect(person.scope.split(" ").toSorted()).toEqual(["github:read", "mcp:tools"]);
  });

  it("ends on a page when GitHub's token endpoint never answers", async () => {
    const { browser, back } = await returning();
    const fault = { kind: "slow", delayMs: 600_000 } as const;
    await server.github.fault({ match: { path: TOKEN_ENDPOINT }, fault });

    const response = await browser
      .fetch(back.href, { signal: AbortSignal.timeout(20_000) })
      .catch(() => undefined);

    expect(response?.status).toBe(502);
    expect(await response?.text()).toContain("connect again");
  });
});
