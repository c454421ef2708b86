import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { INITIALIZE, messageOf, openSession, openSse, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { openDatabases, storedBytes } from "../support/session-storage.ts";
import { type SignedIn, signIn } from "../support/sign-in.ts";

let server: TestServer;
let octocat: SignedIn;
let hubot: SignedIn;
beforeAll(async () => {
  server = await startServer();
  octocat = await signIn(server, "octocat");
  hubot = await signIn(server, "hubot");
});
afterAll(() => server.close());

const FORGED = `${"0".repeat(32)}-${"0".repeat(32)}`;

/** What looks like a token in what sessions keep. */
function storedTokens(): string[] {
  const everything = storedBytes(server);
  expect(everything).toContain("octocat");
  const known = [octocat.access_token].filter((token) => everything.includes(token));
  return [...known, ...(everything.match(/gho_|v1\.[A-Za-z0-9_-]{16}\./g) ?? [])];
}

describe("a session", () => {
  it.each(["POST", "GET", "DELETE"])(
    "is unknown to another person who sends its id with %s",
    async (method) => {
      const sessionId = await openSession(server, octocat.access_token);
      await server.github.clearRequests();

      const response = await send(server, {
        token: hubot.access_token,
        sessionId,
        method,
        ...(method === "POST" && { message: toolCall("userInfoOctokit") }),
      });

      expect(response.status).toBe(404);
      expect(await messageOf(response)).toMatchObject({ error: { code: -32_001 } });
      expect(await server.github.requests()).toEqual([]);
      const own = await send(server, {
        token: octocat.access_token,
        sessionId,
        message: toolCall("userInfoOctokit"),
      });
      expect((await messageOf(own)).result.structuredContent.login).toBe("octocat");
    },
  );

  it("is unknown to the same person's other grant", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const otherGrant = await signIn(server, "octocat");

    const response = await send(server, {
      token: otherGrant.access_token,
      sessionId,
      message: toolCall("add"),
    });

    expect(response.status).toBe(404);
  });

  it("goes on under a refreshed token of the same grant", async () => {
    const person = await signIn(server, "octocat");
    const sessionId = await openSession(server, person.access_token);
    const refreshed = (await (await person.refresh()).json()) as { access_token: string };

    const response = await send(server, {
      token: refreshed.access_token,
      sessionId,
      message: toolCall("add", { a: 1, b: 2 }),
    });

    expect((await messageOf(response)).result.structuredContent).toEqual({ sum: 3 });
  });

  it("keeps no token in its storage, sealed or plain", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    await (
      await send(server, {
        token: octocat.access_token,
        sessionId,
        message: toolCall("userInfoOctokit"),
      })
    ).text();

    expect(storedTokens()).toEqual([]);
  });

  it("answers 404 after it was deleted, and the lookup leaves nothing behind", async () => {
    const before = openDatabases(server);
    const sessionId = await openSession(server, octocat.access_token);
    const deleted = await send(server, {
      token: octocat.access_token,
      sessionId,
      method: "DELETE",
    });

    const after = await send(server, {
      token: octocat.access_token,
      sessionId,
      message: toolCall("add"),
    });

    expect(deleted.status).toBe(204);
    expect(after.status).toBe(404);
    await expect.poll(() => openDatabases(server)).toEqual(before);
    const again = await send(server, {
      token: octocat.access_token,
      sessionId,
      message: toolCall("add"),
    });
    expect(again.status).toBe(404);
    await expect.poll(() => openDatabases(server)).toEqual(before);
  });
});

describe("an id that this server never gave out", () => {
  it.each([
    ["a word", "attacker"],
    ["a well-formed forgery", FORGED],
    ["2,000 characters", "x".repeat(2_000)],
    ["another spelling", FORGED.toUpperCase()],
  ])("gets 404 and touches no object: %s", async (_kind, sessionId) => {
    const before = openDatabases(server);

    const answers = await Promise.all([
      send(server, { token: octocat.access_token, sessionId, message: toolCall("add") }),
      send(server, { token: octocat.access_token, sessionId, method: "GET" }),
      send(server, { token: octocat.access_token, sessionId, method: "DELETE" }),
      send(server, {
        token: octocat.access_token,
        path: `/sse?sessionId=${sessionId}`,
        method: "GET",
      }),
      send(server, {
        token: octocat.access_token,
        path: `/sse/message?sessionId=${sessionId}`,
        message: toolCall("add"),
      }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect(openDatabases(server)).toEqual(before);
  });
});

describe("a message to /mcp", () => {
  it("gets 400 when it names no session", async () => {
    const response = await send(server, {
      token: octocat.access_token,
      message: toolCall("add", { a: 1, b: 2 }),
    });

    expect(response.status).toBe(400);
    expect((await messageOf(response)).error?.message).toContain("Mcp-Session-Id");
  });

  it("gets 400 when it initializes a session that there is", async () => {
    const sessionId = await openSession(server, octocat.access_token);

    const response = await send(server, {
      token: octocat.access_token,
      sessionId,
      message: INITIALIZE,
    });

    expect(response.status).toBe(400);
    expect(await messageOf(response)).toMatchObject({ error: { code: -32_600 } });
  });
});

describe("an SSE stream", () => {
  it("answers its owner's messages on the stream", async () => {
    const stream = await openSse(server, octocat.access_token);

    const posted = await send(server, {
      token: octocat.access_token,
      path: stream.endpoint,
      message: INITIALIZE,
    });

    expect(posted.status).toBe(202);
    expect(await stream.next()).toMatchObject({
      id: 1,
      result: { serverInfo: { name: "github-mcp-worker" } },
    });
    await stream.close();
  });

  it("keeps no token in its storage either", async () => {
    const stream = await openSse(server, octocat.access_token);

    expect(storedTokens()).toEqual([]);
    await stream.close();
  });

  it("takes no message from another person", async () => {
    const stream = await openSse(server, octocat.access_token);
    await server.github.clearRequests();

    const response = await send(server, {
      token: hubot.access_token,
      path: stream.endpoint,
      message: toolCall("userInfoOctokit"),
    });

    expect(response.status).toBe(404);
    expect(await server.github.requests()).toEqual([]);
    await stream.close();
  });

  it.each([
    ["that is not JSON", "{"],
    ["that is no JSON-RPC message", '{"a":1}'],
    ["that is a bare value", "null"],
  ])("refuses a body %s with 400", async (_kind, body) => {
    const stream = await openSse(server, octocat.access_token);

    const response = await send(server, {
      token: octocat.access_token,
      path: stream.endpoint,
      body,
    });

    expect(response.status).toBe(400);
    await stream.close();
  });
});

describe("internal headers and query keys from outside", () => {
  const props = btoa(
    JSON.stringify({ identity: { kind: "person", id: 480938, login: "hubot" }, grantId: "x" }),
  );

  it.each([
    ["a connection id in the query", "/mcp?_pk=a:b", {}],
    ["lifecycle props", "/mcp", { "x-agents-lifecycle-props": props }],
    ["garbage as lifecycle props", "/mcp", { "x-agents-lifecycle-props": "%%%" }],
    ["a message", "/mcp", { "cf-mcp-message": btoa("[]"), "cf-mcp-method": "GET" }],
    [
      "a caller",
      "/mcp",
      { "x-mcp-call": JSON.stringify({ caller: { identity: { login: "hubot" } } }) },
    ],
  ])("have no effect: %s", async (_kind, path, headers) => {
    const sessionId = await openSession(server, octocat.access_token);

    const response = await send(server, {
      token: octocat.access_token,
      sessionId,
      path,
      headers,
      message: toolCall("userInfoOctokit"),
    });

    expect(response.status).toBe(200);
    expect(await response.text()).toContain('"login":"octocat"');
  });
});
