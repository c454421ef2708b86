import { OAuthProvider } from "@cloudflare/workers-oauth-provider";
import { McpServer } from "@modelcontextprotocol/server";
import { createMcpHandler, getMcpAuthContext } from "agents/mcp/server";
import { env as workerEnv } from "cloudflare:workers";
import { z } from "zod";

import { authorize, type StockEnv, type StockProps } from "./authorize.ts";
import { moreTools } from "./more-tools.ts";
import { userInfo } from "./user-info.ts";

const env = workerEnv as unknown as StockEnv;
const others = moreTools(Number(env.TOOL_COUNT) - 2);

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
  server.registerTool(
    "userInfoOctokit",
    { description: "Get user info from GitHub, via Octokit", inputSchema: z.object({}) },
    async () => {
      const props = getMcpAuthContext()?.props as StockProps | undefined;
      const text = await userInfo(props?.accessToken ?? "", env.GITHUB_API);
      return { content: [{ type: "text", text }] };
    },
  );
  for (const { name, description, input } of others) {
    server.registerTool(name, { description, inputSchema: input }, async () => ({ content: [] }));
  }
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
  resourceMetadata: { resource: env.MCP_RESOURCE },
});
