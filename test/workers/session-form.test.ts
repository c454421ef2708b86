import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/asking.ts" });
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

/** Calls the tool that asks, as a client whose person fills in this. */
async function askWith(content: Record<string, number>): Promise<unknown> {
  const client = new Client(
    { name: "test", version: "1.0.0" },
    { capabilities: { elicitation: {} } },
  );
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content }));
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(
    new StreamableHTTPClientTransport(new URL("/mcp", server.url), { requestInit }),
  );
  try {
    return await client.callTool({ name: "askCups" });
  } finally {
    await client.close();
  }
}

describe("a tool that asks a person in a session", () => {
  it("gets an answer that fits its form", async () => {
    expect(await askWith({ cups: 2 })).toEqual({ content: [{ type: "text", text: '{"cups":2}' }] });
  });

  it("gets no answer that does not fit its form", async () => {
    expect(await askWith({ cups: 0 })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining("does not match requested schema") }],
    });
  });
});
