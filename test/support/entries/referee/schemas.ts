import type { JsonSchemaType } from "@modelcontextprotocol/server";

/** SEP-2243: an argument that clients repeat in a header. */
const region = { type: "string", "x-mcp-header": "Region" } as const;

/** Input schemas that clients must get word for word, by tool. */
export const SCHEMAS: Readonly<Record<string, JsonSchemaType>> = {
  // SEP-1613 and SEP-2106: the words of JSON Schema 2020-12 survive.
  json_schema_2020_12_tool: {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: {
      address: {
        $anchor: "addressDef",
        type: "object",
        properties: { street: { type: "string" }, city: { type: "string" } },
      },
    },
    properties: {
      name: { type: "string" },
      address: { $ref: "#/$defs/address" },
      contactMethod: { type: "string", enum: ["phone", "email"] },
      phone: { type: "string" },
      email: { type: "string" },
    },
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    // oxlint-disable-next-line unicorn/no-thenable -- a word of JSON Schema, and nothing awaits it.
    then: { required: ["phone"] },
    else: { required: ["email"] },
    additionalProperties: false,
  },
  test_x_mcp_header: { type: "object", properties: { region } },
};
