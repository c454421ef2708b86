import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Connected, ERAS } from "../support/connect.ts";
import { statelessHeaders, statelessMessage } from "../support/mcp-roads.ts";
import { messageOf, openSession, send } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ settings: { EXAMPLE_TOOLS: "true" } });
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

async function listed(connect: (url: string, token: string) => Promise<Connected>) {
  const client = await connect(server.url, token);
  const { tools } = await client.listTools();
  await client.close();
  return tools;
}

async function stateless(method: string): Promise<Record<string, unknown>> {
  const headers = statelessHeaders(method);
  const response = await send(server, { token, headers, message: statelessMessage(method) });
  return (await messageOf(response)).result;
}

describe("the list of tools", () => {
  it("is the same in every era, to the last word of its schemas", async () => {
    const [first, ...others] = await Promise.all(ERAS.map(({ connect }) => listed(connect)));

    expect(first!.length).toBeGreaterThan(4);
    for (const other of others) expect(other).toEqual(first);
  });

  it("speaks JSON Schema 2020-12 in a session", async () => {
    const sessionId = await openSession(server, token);
    const message = { jsonrpc: "2.0", id: 2, method: "tools/list" };

    const { result } = await messageOf(await send(server, { token, sessionId, message }));

    const dialect = "https://json-schema.org/draft/2020-12/schema";
    for (const { inputSchema, outputSchema } of result.tools) {
      expect(inputSchema).toMatchObject({ $schema: dialect, type: "object" });
      expect(outputSchema).toMatchObject({ $schema: dialect, type: "object" });
    }
  });

  it("comes to the letter the same each time, in a session of its own too", async () => {
    const list = async () => {
      const sessionId = await openSession(server, token);
      const message = { jsonrpc: "2.0", id: 2, method: "tools/list" };
      const { result } = await messageOf(await send(server, { token, sessionId, message }));
      return JSON.stringify([result, await stateless("tools/list")]);
    };

    expect(await list()).toBe(await list());
  });

  it("may be kept for its caller only, since others see other tools", async () => {
    expect(await stateless("tools/list")).toMatchObject({ ttlMs: 0, cacheScope: "private" });
  });
});

describe("server/discover", () => {
  it("names the stateless revision, the server and what it can do", async () => {
    expect(await stateless("server/discover")).toMatchObject({
      supportedVersions: ["2026-07-28"],
      capabilities: { tools: { listChanged: false } },
      _meta: { "io.modelcontextprotocol/serverInfo": { name: "github-mcp-worker" } },
      ttlMs: 0,
      cacheScope: "private",
    });
  });
});
