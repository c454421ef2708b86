import type { McpServer as SessionServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { McpServer as StatelessServer, ServerOptions } from "@modelcontextprotocol/server";

import type { Tool } from "../tools/define-tool.ts";
import { type CallContext, callTool } from "./call-tool.ts";
import { convertedSchema } from "./converted-schema.ts";

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

/** Without sessions there is a server a request. */
export interface RegisterStateless {
  (server: StatelessServer, call: CallContext): void;
  /** Checks the state that clients bring back, where what is registered gives them any. */
  readonly requestState?: ServerOptions["requestState"];
}

export const registerStatelessTools: RegisterStateless = (server, call) => {
  for (const tool of call.offered) {
    const inputSchema = convertedSchema(tool.input);
    const outputSchema = convertedSchema(tool.output);
    const description = { ...describe(tool), inputSchema, outputSchema };
    server.registerTool(tool.name, description, (input, { mcpReq }) =>
      callTool(tool, input, call, mcpReq._meta),
    );
  }
};
