import { OAuthProvider } from "@cloudflare/workers-oauth-provider";
import { McpServer } from "@modelcontextprotocol/server";
import { createMcpHandler } from "agents/mcp/server";
import { env } from "cloudflare:workers";
import { z } from "zod";

import { authorize, type StockEnv } from "./authorize.ts";

function createServer() {
  const server = new McpServer({ name: "Stock", version: "1.0.0" });
  server.registerTool(
    "add",
    {
      description: "Adds two numbers",
      inputSchema: z.object({ a: z.number(), b: z.number() }),
    },
    async ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }),
  );
  return server;
}

const mcpHandler = createMcpHandler(createServer);

export default new OAuthProvider<StockEnv>({
  authorizeEndpoint: "/authorize",
  tokenEndpoint: "/token",
  clientRegistrationEndpoint: "/register",
  apiRoute: "/mcp",
  apiHandler: {
    fetch(request, workerEnv, ctx) {
      return mcpHandler(request, workerEnv, ctx);
    },
  },
  defaultHandler: authorize,
  resourceMetadata: { resource: (env as unknown as StockEnv).MCP_RESOURCE },
});
