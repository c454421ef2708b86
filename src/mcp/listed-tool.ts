import { type Tool as ListedTool, ToolSchema } from "@modelcontextprotocol/sdk/types.js";
import * as z from "zod";

type JsonSchema = ListedTool["inputSchema"];
type Printed = WeakMap<z.core.$ZodType, JsonSchema>;

/** Printed once an isolate: sessions and requests share the schemas of their tools. */
const inputs: Printed = new WeakMap();
const outputs: Printed = new WeakMap();

function print(schema: unknown, io: "input" | "output", printed: Printed): JsonSchema | undefined {
  if (!(schema instanceof z.core.$ZodType)) return undefined;
  const json =
    printed.get(schema) ?? ToolSchema.shape.inputSchema.parse(z.toJSONSchema(schema, { io }));
  printed.set(schema, json);
  return json;
}

/** What a list needs to know of a tool, however it was registered. */
interface Listable {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly input: unknown;
  readonly output: unknown;
  readonly annotations?: ListedTool["annotations"];
}

/**
 * A tool as lists show it, with JSON Schema 2020-12, the dialect of MCP (2025-11-25, base protocol,
 * JSON Schema usage).
 */
export function listedTool(name: string, tool: Listable): ListedTool {
  const { title, description, input, output, annotations } = tool;
  return {
    name,
    title,
    description,
    inputSchema: print(input, "input", inputs) ?? { type: "object" },
    outputSchema: print(output, "output", outputs),
    annotations,
  };
}
