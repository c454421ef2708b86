import { McpServer, type RegisteredTool } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { AnySchema, ZodRawShapeCompat } from "@modelcontextprotocol/sdk/server/zod-compat.js";
import { ListToolsRequestSchema, type Tool } from "@modelcontextprotocol/sdk/types.js";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";

import { listedTool } from "./listed-tool.ts";
import { SERVER_INFO, SERVER_OPTIONS } from "./server-info.ts";

/** Checks what a person answers to a tool's form. It keeps nothing, so sessions share it. */
const VALIDATOR = new CfWorkerJsonSchemaValidator();

type Schema = ZodRawShapeCompat | AnySchema;
/**
 * The server of one session. It lists tools itself, because the SDK of the session revisions prints
 * their schemas as draft-07.
 */
export class SessionServer extends McpServer {
  readonly #listed: Tool[] = [];

  constructor() {
    super(SERVER_INFO, { ...SERVER_OPTIONS, jsonSchemaValidator: VALIDATOR });
    this.server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: this.#listed }));
  }

  override registerTool<Output extends Schema, Input extends Schema | undefined = undefined>(
    ...[name, ...rest]: Parameters<typeof McpServer.prototype.registerTool<Output, Input>>
  ): RegisteredTool {
    const tool = super.registerTool(name, ...rest);
    const { inputSchema: input, outputSchema: output } = tool;
    this.#listed.push(listedTool(name, { ...tool, input, output }));
    return tool;
  }
}
