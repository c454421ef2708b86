import type { McpServer as SessionServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type {
  McpServer as StatelessServer,
  ServerOptions,
  Tool as ListedTool,
} from "@modelcontextprotocol/server";

import type { Tool } from "../tools/define-tool.ts";
import { type CallContext, callTool } from "./call-tool.ts";
import { listedTool } from "./listed-tool.ts";
import { calledTool } from "./required-scopes.ts";

function describe({ title, description, input, output, annotations }: Tool) {
  return {
    title,
    description,
    inputSchema: input,
    outputSchema: output,
    annotations: { ...annotations },
  };
}

/**
 * The two SDK generations share no base class, so each gets its own binding. In a session the server
 * outlives a call: each call brings its own caller with its request.
 */
export type RegisterSession = (
  server: SessionServer,
  tools: readonly Tool[],
  callOf: (
    request: { headers: Record<string, string | string[] | undefined> } | undefined,
  ) => CallContext,
) => void;

export const registerSessionTools: RegisterSession = (server, tools, callOf) => {
  for (const tool of tools) {
    server.registerTool(tool.name, describe(tool), (input, extra) =>
      callTool(tool, input, callOf(extra.requestInfo), extra._meta),
    );
  }
};

/** Without sessions there is a server a request, which needs to know no more than that one asks. */
export interface RegisterStateless {
  (server: StatelessServer, call: CallContext, message: JSONRPCMessage | undefined): void;
  /** Checks the state that clients bring back, where what is registered gives them any. */
  readonly requestState?: ServerOptions["requestState"];
}

export const registerStatelessTools: RegisterStateless = (server, call, message) => {
  if (message && "method" in message && message.method === "tools/list") {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Both SDKs mean the same by a tool.
    const tools = call.offered.map((tool) => listedTool(tool.name, tool)) as ListedTool[];
    server.server.setRequestHandler("tools/list", () => ({ tools }));
    return;
  }
  // Whoever calls one tool needs no others, each of which costs as it is registered.
  const tool = call.offered.find(({ name }) => name === calledTool(message));
  if (!tool) return;
  server.registerTool(tool.name, describe(tool), (input, { mcpReq }) =>
    callTool(tool, input, call, mcpReq._meta),
  );
};
