import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { subjectOf } from "../../../emulator/google-id-token.ts";
import { callTool, ERAS } from "../../support/connect.ts";
import {
  AUDIENCE,
  callOnce,
  CI,
  type GoogleServer,
  startGoogleServer,
} from "../../support/google.ts";
import { logLines } from "../../support/log-lines.ts";
import { messageOf, openSession, openSse, send, toolCall } from "../../support/rpc.ts";

let server: GoogleServer;
beforeAll(async () => {
  server = await startGoogleServer();
});
afterAll(() => server.close());
beforeEach(() => server.harness.clearLogs());

const now = () => Math.floor(Date.now() / 1000);

/** What `whoami` says to a token with these claims. */
async function whoami(claims: Record<string, unknown> = {}) {
  const response = await callOnce(server, server.google.mint({ claims }));
  expect(response.status).toBe(200);
  return (await messageOf(response)).result.structuredContent;
}

describe.each(ERAS)("an ID token of Google, $era", ({ connect }) => {
  it("opens the server for a service account, which sees no tool of GitHub", async () => {
    const exp = now() + 1800;
    const client = await connect(server.url, server.google.mint({ claims: { exp } }));

    const { tools } = await client.listTools();
    const self = await callTool(client, "whoami");
    const sum = await callTool(client, "add", { a: 2, b: 40 });
    await client.close();

    expect(tools.map(({ name }) => name)).toEqual(["add", "whoami"]);
    expect(sum.structuredContent).toEqual({ sum: 42 });
    expect(self.structuredContent).toEqual({
      identity: `service:google:${subjectOf(CI)}`,
      kind: "service",
      name: CI,
      way: "google_id_token",
      client: "Google identity",
      scopes: ["mcp:tools", "github:read"],
      expiresAt: new Date(exp * 1000).toISOString(),
    });
  });
});

describe("an ID token of Google", () => {
  it.each<[string, () => Record<string, unknown>]>([
    ["its other spelling of the issuer", () => ({ iss: "accounts.google.com" })],
    ["another listed audience", () => ({ aud: "1234-abc.apps.googleusercontent.com" })],
    ["a clock that is 20 seconds ahead", () => ({ iat: now() + 20, exp: now() + 3620 })],
    ["an hour that ended 10 seconds ago", () => ({ iat: now() - 3610, exp: now() - 10 })],
    ["a beginning in the past", () => ({ nbf: now() - 60 })],
  ])("is good with %s", async (_what, claims) => {
    expect(await whoami(claims())).toMatchObject({ name: CI });
  });

  it.each([
    ["an address, however it is spelled", { email: "ADA@example.com" }, 3],
    ["an address with scopes of its own", { email: CI.replace("ci@", "reader@") }, 1],
    ["a domain that Google vouches for", { email: "bob@octo.example", hd: "octo.example" }, 3],
    ["a domain whatever the address", { email: "bob@alias.example", hd: "octo.example" }, 3],
    ["an address rather than its domain", { email: "grace@octo.example", hd: "octo.example" }, 1],
  ])("gets the scopes of %s", async (_what, claims, count) => {
    const all = ["mcp:tools", "github:read", "github:private"];

    expect((await whoami(claims)).scopes).toEqual(all.slice(0, count));
  });

  it("writes its caller and its way into the log, and nothing of itself", async () => {
    const token = server.google.mint();
    const answer = await callOnce(server, token);
    await answer.text();

    const requestId = answer.headers.get("x-request-id");
    const called = () =>
      logLines(server, "tool.called").filter((line) => line.requestId === requestId);
    await expect
      .poll(called)
      .toMatchObject([
        { tool: "whoami", caller: `service:google:${subjectOf(CI)}`, way: "google_id_token" },
      ]);
    const logged = JSON.stringify(server.harness.getLogs());
    for (const part of token.split(".")) expect(logged).not.toContain(part);
  });
});

describe("a session that an ID token opened", () => {
  const message = toolCall("whoami");
  const first = () => server.google.mint({ claims: { iat: now() - 600, exp: now() + 3000 } });

  it("goes on with the next token of the same account", async () => {
    const sessionId = await openSession(server, first());
    const exp = now() + 3600;
    const next = server.google.mint({ claims: { exp } });

    const answer = await messageOf(await send(server, { token: next, sessionId, message }));

    expect(answer.result.structuredContent.expiresAt).toBe(new Date(exp * 1000).toISOString());
  });

  it("goes on with it over HTTP with SSE", async () => {
    const stream = await openSse(server, first());
    const response = await send(server, {
      token: server.google.mint(),
      path: stream.endpoint,
      message: { jsonrpc: "2.0", id: 1, method: "ping" },
    });

    expect(response.status).toBe(202);
    expect(await stream.next()).toMatchObject({ id: 1, result: {} });
    await stream.close();
  });

  it.each([
    ["another account", { email: "ada@example.com" }],
    ["an account that was given the same address later", { sub: "100000000000000000001" }],
  ])("is not there for %s", async (_what, claims) => {
    const sessionId = await openSession(server, first());
    const token = server.google.mint({ claims });

    const response = await send(server, { token, sessionId, message });

    expect(response.status).toBe(404);
    expect((await messageOf(response)).error?.message).toContain("Session not found");
  });
});

describe("settings of Google", () => {
  it("that list no audience switch its tokens off, and Google is not asked", async () => {
    await server.redeploy({ GOOGLE_AUDIENCES: "" });
    server.google.clearRequests();

    const response = await callOnce(server, server.google.mint());

    expect(response.status).toBe(401);
    expect((await response.json()) as unknown).toEqual({
      error: "invalid_token",
      error_description: "This server takes no ID tokens of Google. Sign in instead.",
    });
    expect(server.google.requests()).toEqual([]);
  });

  it("that list nobody admit nobody", async () => {
    await server.redeploy({ GOOGLE_PRINCIPALS: "" });

    expect((await callOnce(server, server.google.mint())).status).toBe(403);
  });

  it.each([
    [
      "a scope that there is not",
      `user:${CI}=mcp:tools github:raed`,
      "no scope is named github:raed",
    ],
    ["a kind that there is not", `group:${CI}`, "must be serviceAccount:ADDRESS"],
    ["a domain that is an address", "domain:ada@example.com", "must be serviceAccount:ADDRESS"],
  ])("with %s stop the Worker, and the log says why", async (_what, principals, words) => {
    await server.redeploy({ GOOGLE_PRINCIPALS: principals });
    server.harness.clearLogs();

    const response = await callOnce(server, server.google.mint({ claims: { aud: AUDIENCE } }));

    expect(response.status).toBe(500);
    await expect.poll(() => JSON.stringify(logLines(server, "misconfigured"))).toContain(words);
  });
});
