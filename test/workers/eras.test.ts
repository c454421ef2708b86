import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, ERAS_AND_ROOT, textOf } from "../support/connect.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe.each(ERAS_AND_ROOT)("tools over $era", ({ connect }) => {
  it("lists the same tools in the same order", async () => {
    const { access_token } = await signIn(server, "octocat");
    const client = await connect(server.url, access_token);

    const { tools } = await client.listTools();

    expect(tools.map(({ name }) => name)).toEqual([
      "add",
      "userInfoOctokit",
      "getGithubReadme",
      "whoami",
    ]);
    await client.close();
  });

  it("says what the server is, and that its tools never change", async () => {
    const { access_token } = await signIn(server, "octocat");
    const client = await connect(server.url, access_token);

    expect(client.getServerVersion()?.name).toBe("github-mcp-worker");
    expect(client.getInstructions()).toContain("data written by others");
    expect(client.getServerCapabilities()?.tools).toEqual({ listChanged: false });
    await client.close();
  });

  it("adds two numbers, as data and as text", async () => {
    const { access_token } = await signIn(server, "octocat");
    const client = await connect(server.url, access_token);

    const result = await callTool(client, "add", { a: 2, b: 40 });

    expect(result.structuredContent).toEqual({ sum: 42 });
    expect(textOf(result)).toBe("42");
    await client.close();
  });

  it("acts on GitHub under the person's own token", async () => {
    const { access_token } = await signIn(server, "hubot");
    const client = await connect(server.url, access_token);
    await server.github.clearRequests();

    const result = await callTool(client, "userInfoOctokit");

    expect(result.structuredContent).toMatchObject({ login: "hubot", id: 480938 });
    const seen = await server.github.requests();
    expect(seen.map(({ login, path }) => [login, path])).toEqual([["hubot", "/api/v3/user"]]);
    await client.close();
  });
});
