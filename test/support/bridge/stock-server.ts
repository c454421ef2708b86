import type { RequestListener } from "node:http";

import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";

/** An MCP server of one tool without sessions, as the SDK's first version makes it. */
export const stockServer: RequestListener = (request, response) => {
  const server = new McpServer({ name: "Stock", version: "1.0.0" });
  server.registerTool("add", { description: "Adds nothing" }, async () => ({
    content: [{ type: "text", text: "done" }],
  }));
  const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined });
  const answer = async () => {
    await server.connect(transport);
    await transport.handleRequest(request, response);
  };
  answer().catch(() => response.destroy());
};
