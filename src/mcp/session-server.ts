import { McpServer, type RegisteredTool } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { AnySchema, ZodRawShapeCompat } from "@modelcontextprotocol/sdk/server/zod-compat.js";
import { ListToolsRequestSchema, type Tool, ToolSchema } from "@modelcontextprotocol/sdk/types.js";
import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/server/validators/cf-worker";
import * as z from "zod";

import { SERVER_INFO, SERVER_OPTIONS } from "./server-info.ts";

/** Checks what a person answers to a tool's form. It keeps nothing, so sessions share it. */
const VALIDATOR = new CfWorkerJsonSchemaValidator();

type Schema = ZodRawShapeCompat | AnySchema;
type Printed = WeakMap<z.core.$ZodType, Tool["inputSchema"]>;

/** Printed once an isolate: sessions share the schemas of their tools. */
const inputs: Printed = new WeakMap();
const outputs: Printed = new WeakMap();

function print(schema: unknown, io: "input" | "output", printed: Printed) {
  if (!(schema instanceof z.core.$ZodType)) return undefined;
  const json =
    printed.get(schema) ?? ToolSchema.shape.inputSchema.parse(z.toJSONSchema(schema, { io }));
  printed.set(schema, json);
  return json;
}

function describe(name: string, tool: RegisteredTool): Tool {
  const { title, description, inputSchema, outputSchema, annotations } = tool;
  return {
    name,
    title,
    description,
    inputSchema: print(inputSchema, "input", inputs) ?? { type: "object" },
    outputSchema: print(outputSchema, "output", outputs),
    annotations,
  };
}

/**
 * The server of one session. It lists tools itself, because the SDK of the session revisions prints
 * their schemas as draft-07: JSON Schema 2020-12 is the dialect of MCP (2025-11-25, base protocol,
 * JSON Schema usage), and what the stateless revision gets.
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
    this.#listed.push(describe(name, tool));
    return tool;
  }
}
