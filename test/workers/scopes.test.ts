import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { INITIALIZE, messageOf, openSession, openSse, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn, tokenRequest, type Tokens } from "../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

/** A token of the same grant that the client itself asked to be narrower. */
async function narrowed(scope: string): Promise<string> {
  const person = await signIn(server, "octocat");
  const response = await tokenRequest(server, {
    grant_type: "refresh_token",
    client_id: person.client.client_id,
    refresh_token: person.refresh_token,
    scope,
  });
  const tokens = (await response.json()) as Tokens;
  expect(tokens.scope).toBe(scope);
  return tokens.access_token;
}

describe("a token with too little scope", () => {
  it("still calls the tools that its scope covers", async () => {
    const token = await narrowed("mcp:tools");
    const sessionId = await openSession(server, token);

    const response = await send(server, {
      token,
      sessionId,
      message: toolCall("add", { a: 1, b: 1 }),
    });

    expect((await messageOf(response)).result.structuredContent).toEqual({ sum: 2 });
  });

  it("gets 403 insufficient_scope with all that the tool needs, in a session", async () => {
    const token = await narrowed("mcp:tools");
    const sessionId = await openSession(server, token);
    await server.github.clearRequests();

    const response = await send(server, { token, sessionId, message: toolCall("userInfoOctokit") });

    expect(response.status).toBe(403);
    const challenge = response.headers.get("www-authenticate");
    expect(challenge).toContain('error="insufficient_scope"');
    expect(challenge).toContain('scope="mcp:tools github:read"');
    expect(challenge).toContain(
      `resource_metadata="${server.url}/.well-known/oauth-protected-resource/mcp"`,
    );
    expect(await server.github.requests()).toEqual([]);
  });

  it("gets the same over an SSE session", async () => {
    const token = await narrowed("mcp:tools");
    const stream = await openSse(server, token);

    const response = await send(server, {
      token,
      path: stream.endpoint,
      message: toolCall("getGithubReadme"),
    });

    expect(response.status).toBe(403);
    await stream.close();
  });

  it.each([
    ["POST", "/mcp"],
    ["GET", "/mcp"],
    ["GET", "/sse"],
    ["DELETE", "/mcp"],
    ["POST", "/"],
  ])("opens nothing without the baseline: %s %s", async (method, path) => {
    const token = await narrowed("github:read");

    const response = await send(server, {
      token,
      method,
      path,
      ...(method === "POST" && { message: INITIALIZE }),
    });

    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain('scope="mcp:tools"');
  });
});
