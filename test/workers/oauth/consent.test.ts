import { createHash } from "node:crypto";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Browser, handleOf } from "../../support/browser.ts";
import { objectCount } from "../../support/grant-object.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  authorizeUrl,
  pkce,
  registerClient,
  type RegisteredClient,
} from "../../support/sign-in.ts";

const OTHER_URI = "https://client.example/cb";

let server: TestServer;
let client: RegisteredClient;
beforeAll(async () => {
  server = await startServer();
  client = await registerClient(server, {
    redirect_uris: ["http://127.0.0.1:9/callback", OTHER_URI],
  });
});
afterAll(() => server.close());

const url = (parameters: Record<string, string> = {}) =>
  authorizeUrl(server, {
    client_id: client.client_id,
    code_challenge: pkce().challenge,
    ...parameters,
  });

const form = (handle: string, decision = "allow"): [string, string][] => [
  ["handle", handle],
  ["decision", decision],
];

/** Opens the consent page as a browser would; the cookie is as it stands in a request. */
async function openPage(): Promise<{ handle: string; cookie: string }> {
  const response = await fetch(url());
  const cookie = response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  return { handle: handleOf(await response.text()), cookie };
}

async function decide(decision: string, handle: string, cookie?: string): Promise<Response> {
  return fetch(`${server.url}/authorize`, {
    method: "POST",
    redirect: "manual",
    headers: cookie === undefined ? {} : { cookie },
    body: new URLSearchParams(form(handle, decision)),
  });
}

const approve = (handle: string, cookie?: string) => decide("allow", handle, cookie);

const REFUSED = { status: 400, location: null };

function outcomeOf({ status, headers }: Response) {
  return { status, location: headers.get("location") };
}

describe("an approved consent form", () => {
  it("goes on to GitHub from the browser that opened the page", async () => {
    const { handle, cookie } = await openPage();

    const response = await approve(handle, cookie);

    expect(response.status).toBe(302);
  });

  it("is refused without the browser's cookie", async () => {
    const { handle } = await openPage();

    expect(outcomeOf(await approve(handle))).toEqual(REFUSED);
  });

  it("is refused with the cookie of another page, even under its own name", async () => {
    const [own, other] = [await openPage(), await openPage()];
    const [name] = own.cookie.split("=");
    const [, value] = other.cookie.split("=");

    expect(outcomeOf(await approve(own.handle, other.cookie))).toEqual(REFUSED);
    expect(outcomeOf(await approve(own.handle, `${name}=${value}`))).toEqual(REFUSED);
  });

  it("is refused with a handle that was never given out, even under a cookie made for it", async () => {
    const { handle, cookie } = await openPage();
    const altered = (handle.startsWith("A") ? "B" : "A") + handle.slice(1);
    const hash = createHash("sha256").update(altered).digest("hex");

    expect(outcomeOf(await approve(altered, cookie))).toEqual(REFUSED);
    expect(
      outcomeOf(await approve(altered, `__Host-oauth-consent-${hash.slice(0, 16)}=${hash}`)),
    ).toEqual(REFUSED);
  });

  it("is refused a second time, even with the cookie of the first", async () => {
    const { handle, cookie } = await openPage();
    const first = await approve(handle, cookie);

    const second = await approve(handle, cookie);

    expect(first.status).toBe(302);
    expect(outcomeOf(second)).toEqual(REFUSED);
  });
});

describe("a consent form that is sent ten times at once", () => {
  it.each(["allow", "deny"])("is taken once when the decision is %s", async (decision) => {
    const { handle, cookie } = await openPage();

    const answers = await Promise.all(
      Array.from({ length: 10 }, () => decide(decision, handle, cookie)),
    );

    const [first, ...others] = answers.toSorted((one, other) => one.status - other.status);
    expect(first?.status).toBe(302);
    expect(others.map(outcomeOf)).toEqual(others.map(() => REFUSED));
    expect(await others[0]?.text()).toContain("was already used");
  });

  it("leaves no trace when its handle was never given out", async () => {
    const before = await objectCount(server, "OnceObject");

    await approve("A".repeat(43));

    expect(await objectCount(server, "OnceObject")).toBe(before);
  });
});

describe("a browser in which a person approved before", () => {
  async function approvedBrowser(): Promise<Browser> {
    const browser = new Browser();
    const handle = handleOf(await (await browser.fetch(url())).text());
    await browser.submit(`${server.url}/authorize`, form(handle));
    return browser;
  }

  it.each([
    ["the same client asks again", async () => url()],
    ["the client asks for more", async () => url({ scope: "mcp:tools github:private" })],
    ["the client names another redirect URI", async () => url({ redirect_uri: OTHER_URI })],
    [
      "another client asks",
      async () => url({ client_id: (await registerClient(server)).client_id }),
    ],
  ])("is asked again when %s", async (_what, next) => {
    const browser = await approvedBrowser();

    const response = await browser.fetch(await next());

    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Let this app use GitHub as you?");
  });

  it("is asked again although it shows an approval that it made up", async () => {
    const approval = Buffer.from(JSON.stringify([{ k: "x", s: ["mcp:tools"], e: 9_999_999_999 }]));
    const cookie = `__Host-oauth-approvals=${approval.toString("base64url")}.forged`;

    const response = await fetch(url(), { headers: { cookie }, redirect: "manual" });

    expect(response.status).toBe(200);
    expect(await response.text()).toContain("Let this app use GitHub as you?");
  });
});
