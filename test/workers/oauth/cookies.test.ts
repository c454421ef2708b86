import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { handleOf } from "../../support/browser.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { authorizeUrl, pkce, registerClient } from "../../support/sign-in.ts";

/** The consent page's cookie, and what approving it sets. */
const cookies: string[] = [];

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  const { client_id } = await registerClient(server);
  const page = await fetch(authorizeUrl(server, { client_id, code_challenge: pkce().challenge }));
  cookies.push(...page.headers.getSetCookie());
  const body = new URLSearchParams({ handle: handleOf(await page.text()), decision: "allow" });
  const headers = { cookie: cookies[0]?.split(";")[0] ?? "" };
  const approved = await fetch(`${server.url}/authorize`, {
    method: "POST",
    headers,
    body,
    redirect: "manual",
  });
  cookies.push(...approved.headers.getSetCookie());
});
afterAll(() => server.close());

describe("the cookies of a sign-in", () => {
  it("are one for the consent page, its end, and one for the way to GitHub", () => {
    const names = cookies.map((cookie) => /^[^=]+(?=-[0-9a-f]{16}=)/.exec(cookie)?.[0]);

    expect(names).toEqual([
      "__Host-oauth-consent",
      "__Host-oauth-consent",
      "__Host-oauth-upstream",
    ]);
  });

  it("belong to this host alone, over TLS, and out of a script's reach", () => {
    const attributes = cookies.map((cookie) => {
      const [, ...rest] = cookie.split("; ");
      return rest.filter((attribute) => !attribute.startsWith("Max-Age="));
    });

    expect(attributes).toEqual(cookies.map(() => ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]));
  });

  it("live for ten minutes at most", () => {
    const seconds = cookies.map((cookie) => Number(/; Max-Age=(\d+)$/.exec(cookie)?.[1]));

    expect(seconds).toEqual([600, 0, 600]);
  });
});
