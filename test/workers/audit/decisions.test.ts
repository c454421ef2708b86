import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { visitAccount } from "../../support/account.ts";
import { Browser, handleOf, locationOf } from "../../support/browser.ts";
import { logLines } from "../../support/log-lines.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { INITIALIZE, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  authorizeUrl,
  pkce,
  registerClient,
  type SignedIn,
  signIn,
  tokenRequest,
} from "../../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => server.harness.clearLogs());

const grantOf = ({ access_token }: SignedIn) => access_token.split(":")[1];

/** The one line of an event, once it is there: of all, or of those about one grant. */
async function lineOf(event: string, grant?: string) {
  const lines = () =>
    logLines(server, event).filter((line) => grant === undefined || line["grant"] === grant);
  await expect.poll(lines).toHaveLength(1);
  return lines()[0];
}

const idOf = (response: Response) => response.headers.get("x-request-id");

async function openConsent(browser: Browser, client: { client_id: string }): Promise<string> {
  const url = authorizeUrl(server, { ...client, code_challenge: pkce().challenge });
  return handleOf(await (await browser.fetch(url)).text());
}

describe("one line of the log tells", () => {
  it("that a person signed in, with which client and which scopes", async () => {
    const client = await registerClient(server);

    await signIn(server, "octocat", { client });

    expect(await lineOf("sign_in.done")).toMatchObject({
      caller: "person:583231",
      client: client.client_id,
      scope: ["mcp:tools", "github:read"],
    });
  });

  it("that a person said no to a client", async () => {
    const browser = new Browser();
    const handle = await openConsent(browser, await registerClient(server));

    const denied = await browser.submit(`${server.url}/authorize`, [
      ["handle", handle],
      ["decision", "deny"],
    ]);

    expect(await lineOf("sign_in.denied")).toEqual({
      event: "sign_in.denied",
      at: "the consent page",
      requestId: idOf(denied),
    });
  });

  it("that a person said no at GitHub", async () => {
    const browser = new Browser();
    const client = await registerClient(server);
    const allowed = await browser.submit(`${server.url}/authorize`, [
      ["handle", await openConsent(browser, client)],
      ["decision", "allow"],
    ]);
    const back = await browser.fetch(await server.github.cancelSignIn(locationOf(allowed).href));

    expect(await lineOf("sign_in.denied")).toEqual({
      event: "sign_in.denied",
      at: "GitHub",
      client: client.client_id,
      requestId: idOf(back),
    });
  });

  it("that a token was refused", async () => {
    const refused = await send(server, { token: "583231:nobody:nothing", message: INITIALIZE });

    expect(await lineOf("token.refused")).toEqual({
      event: "token.refused",
      way: "oauth",
      check: "token",
      requestId: idOf(refused),
    });
  });

  it("that a page of another site was refused", async () => {
    const refused = await send(server, {
      message: INITIALIZE,
      headers: { origin: "https://evil.example" },
    });

    expect(await lineOf("origin.refused")).toMatchObject({
      origin: "https://evil.example",
      requestId: idOf(refused),
    });
  });

  it("that a session of somebody else was refused", async () => {
    const [owner, other] = [await signIn(server, "octocat"), await signIn(server, "hubot")];
    const opened = await send(server, { token: owner.access_token, message: INITIALIZE });
    const sessionId = opened.headers.get("mcp-session-id") ?? "";
    await opened.text();

    const refused = await send(server, {
      token: other.access_token,
      sessionId,
      message: { jsonrpc: "2.0", id: 2, method: "tools/list" },
    });

    expect(refused.status).toBe(404);
    expect(await lineOf("session.refused")).toMatchObject({ requestId: idOf(refused) });
  });

  it("that a request to the token endpoint was refused", async () => {
    const refused = await tokenRequest(server, { grant_type: "authorization_code", code: "x y" });

    expect(await lineOf("oauth.refused")).toMatchObject({
      code: "invalid_grant",
      requestId: idOf(refused),
    });
  });
});

describe("one line of the log tells that a grant ended, and why:", () => {
  it("its client revoked it", async () => {
    const person = await signIn(server, "octocat");

    const revoked = await person.revoke();

    expect(await lineOf("grant.ended")).toEqual({
      event: "grant.ended",
      caller: "person:583231",
      grant: grantOf(person),
      why: "revoked",
      requestId: idOf(revoked),
    });
  });

  it("its person disconnected it", async () => {
    const client = await registerClient(server, { client_name: "To disconnect" });
    const person = await signIn(server, "octocat", { client });
    const visitor = await visitAccount(server, "octocat");

    const pressed = await visitor.disconnect("To disconnect");

    expect(await lineOf("grant.ended")).toMatchObject({
      grant: grantOf(person),
      why: "disconnected",
      requestId: idOf(pressed),
    });
  });

  it("a token of it was replayed", async () => {
    const person = await signIn(server, "octocat");
    const { client, refresh_token } = person;
    const next = (await (await person.refresh()).json()) as { refresh_token: string };
    const refresh = (token: string) =>
      tokenRequest(server, {
        grant_type: "refresh_token",
        client_id: client.client_id,
        refresh_token: token,
      });
    await refresh(next.refresh_token);

    const replayed = await refresh(refresh_token);

    expect(replayed.status).toBe(400);
    expect(await lineOf("grant.ended")).toMatchObject({
      grant: grantOf(person),
      why: "replayed",
      requestId: idOf(replayed),
    });
  });

  it("GitHub signed its person out", async () => {
    const person = await signIn(server, "mona");
    await server.github.revokeTokens({ login: "mona" });

    const called = await send(server, {
      token: person.access_token,
      message: statelessMessage("tools/call", { name: "userInfoOctokit", arguments: {} }),
      headers: statelessHeaders("tools/call", "userInfoOctokit"),
    });

    expect(await lineOf("grant.ended")).toMatchObject({
      grant: grantOf(person),
      why: "signed out by GitHub",
      requestId: idOf(called),
    });
  });

  it("its person may not enter any longer, and none of their others goes on", async () => {
    const [person, other] = [await signIn(server, "hubot"), await signIn(server, "hubot")];
    await server.redeploy({ ALLOWED_LOGINS: "octocat" });

    const refused = await person.refresh();

    const requestId = idOf(refused);
    expect(await lineOf("refresh.refused")).toMatchObject({ why: "not listed", requestId });
    const ended = [
      await lineOf("grant.ended", grantOf(person)),
      await lineOf("grant.ended", grantOf(other)),
    ];
    expect(ended).toMatchObject([
      { why: "refused", requestId },
      { why: "not admitted", requestId },
    ]);
    await server.redeploy({ ALLOWED_LOGINS: undefined });
  });
});

describe("every answer", () => {
  it.each([
    ["a page", "/"],
    ["a page that is not there", "/nothing"],
    ["a refused request to MCP", "/mcp"],
    ["metadata", "/.well-known/oauth-authorization-server"],
    ["a health check", "/health"],
    ["a style sheet", "/style.css"],
  ])("names its request: %s", async (_what, path) => {
    const ids = await Promise.all([1, 2].map(async () => idOf(await fetch(server.url + path))));

    expect(ids[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(ids[1]).not.toBe(ids[0]);
  });

  it("names a request by an id of the server's own", async () => {
    const response = await fetch(`${server.url}/health`, {
      headers: { "x-request-id": "0000000000000000" },
    });

    expect(idOf(response)).not.toBe("0000000000000000");
  });

  it("of an error page shows it to the person", async () => {
    const response = await fetch(`${server.url}/nothing`);

    expect(await response.text()).toContain(idOf(response));
  });

  it("of a refused MCP request has it in the JSON-RPC error", async () => {
    const { access_token: token } = await signIn(server, "octocat");
    const response = await send(server, { token, message: { not: "JSON-RPC" } });

    expect(await response.json()).toMatchObject({ error: { data: { requestId: idOf(response) } } });
  });
});
