import type { McpServer as SessionServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { McpServer as StatelessServer, ServerOptions } from "@modelcontextprotocol/server";

import type { Tool, ToolContext } from "../tools/define-tool.ts";
import { tools } from "../tools/index.ts";
import { type CallContext, callTool } from "./call-tool.ts";

type Offer = Pick<ToolContext, "identity" | "images">;

function offered(offer: Offer): Tool[] {
  return tools.filter((tool) => tool.isOffered?.(offer) ?? true);
}

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
  offer: Offer,
  callOf: (
    request: { headers: Record<string, string | string[] | undefined> } | undefined,
  ) => CallContext,
) => void;

export const registerSessionTools: RegisterSession = (server, offer, callOf) => {
  for (const tool of offered(offer)) {
    server.registerTool(tool.name, describe(tool), (input, { requestInfo }) =>
      callTool(tool, input, callOf(requestInfo)),
    );
  }
};

/** Without sessions there is a server a request. */
export interface RegisterStateless {
  (server: StatelessServer, call: CallContext): void;
  /** Checks the state that clients bring back, where what is registered gives them any. */
  readonly requestState?: ServerOptions["requestState"];
}

export const registerStatelessTools: RegisterStateless = (server, call) => {
  for (const tool of offered(call.tools)) {
    server.registerTool(tool.name, describe(tool), (input) => callTool(tool, input, call));
  }
};
