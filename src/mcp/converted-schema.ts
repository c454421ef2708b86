import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";

import type { Tool } from "../tools/define-tool.ts";

type Schema = Tool["input"];
type ConvertedSchema = StandardSchemaWithJSON<unknown, Record<string, unknown>>;

const known = new WeakMap<Schema, ConvertedSchema>();

function convertOnce(schema: Schema): ConvertedSchema {
  const standard = schema["~standard"];
  const { input, output } = standard.jsonSchema;
  const done: { input?: Record<string, unknown>; output?: Record<string, unknown> } = {};
  return {
    "~standard": {
      version: standard.version,
      vendor: standard.vendor,
      validate: standard.validate,
      jsonSchema: {
        input: (options) => (done.input ??= input(options)),
        output: (options) => (done.output ??= output(options)),
      },
    },
  };
}

/**
 * A tool's schema as the stateless SDK takes it, which becomes JSON Schema once an isolate: the SDK
 * converts what it is given anew for each request, since each has a server of its own.
 */
export function convertedSchema(schema: Schema): ConvertedSchema {
  const before = known.get(schema);
  if (before) return before;
  const converted = convertOnce(schema);
  known.set(schema, converted);
  return converted;
}
