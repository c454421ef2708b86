import { OAuthProvider } from "@cloudflare/workers-oauth-provider";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { McpAgent } from "agents/mcp";
import { env } from "cloudflare:workers";
import { z } from "zod";

import { authorize, type StockEnv } from "./authorize.ts";

export class SessionAgent extends McpAgent {
  override server = new McpServer({ name: "Stock", version: "1.0.0" });

  override async init() {
    this.server.registerTool(
      "add",
      { description: "Adds two numbers", inputSchema: { a: z.number(), b: z.number() } },
      async ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }),
    );
  }
}

export default new OAuthProvider<StockEnv>({
  authorizeEndpoint: "/authorize",
  tokenEndpoint: "/token",
  clientRegistrationEndpoint: "/register",
  apiHandlers: {
    "/mcp": SessionAgent.serve("/mcp"),
    "/sse": SessionAgent.serveSSE("/sse"),
  },
  defaultHandler: authorize,
  resourceMetadata: { resource: (env as unknown as StockEnv).MCP_RESOURCE },
});
