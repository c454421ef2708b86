import { OAuthProvider } from "@cloudflare/workers-oauth-provider";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { McpAgent } from "agents/mcp";
import { env as workerEnv } from "cloudflare:workers";
import { z } from "zod";

import { authorize, type StockEnv, type StockProps } from "./authorize.ts";
import { moreTools } from "./more-tools.ts";
import { userInfo } from "./user-info.ts";

const env = workerEnv as unknown as StockEnv;
const others = moreTools(Number(env.TOOL_COUNT) - 2);

export class SessionAgent extends McpAgent<Cloudflare.Env, unknown, StockProps> {
  override server = new McpServer({ name: "Stock", version: "1.0.0" });

  override async init() {
    this.server.registerTool(
      "add",
      { description: "Adds two numbers", inputSchema: { a: z.number(), b: z.number() } },
      async ({ a, b }) => ({ content: [{ type: "text", text: String(a + b) }] }),
    );
    this.server.registerTool(
      "userInfoOctokit",
      { description: "Get user info from GitHub, via Octokit", inputSchema: {} },
      async () => {
        const text = await userInfo(this.props?.accessToken ?? "", env.GITHUB_API);
        return { content: [{ type: "text", text }] };
      },
    );
    for (const { name, description, input } of others) {
      const inputSchema = input.shape;
      this.server.registerTool(name, { description, inputSchema }, async () => ({ content: [] }));
    }
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
  resourceMetadata: { resource: env.MCP_RESOURCE },
});
