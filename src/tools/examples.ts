import * as z from "zod";

import { defineTool, PURE, type Tool } from "./define-tool.ts";
import { removeInvisible } from "./untrusted-text.ts";

/** The tools with which tutorials about MCP servers begin, so that their first steps work here. */

const greet = defineTool({
  name: "greet",
  title: "Greet somebody",
  description: "Greets somebody by name.",
  scopes: ["mcp:tools"],
  input: z.object({ name: z.string().min(1).max(200).describe("Whom to greet") }),
  output: z.object({ greeting: z.string() }),
  annotations: PURE,
  async run({ name }) {
    const greeting = `Hello, ${removeInvisible(name)}!`;
    return { data: { greeting }, text: greeting };
  },
});

const multiply = defineTool({
  name: "multiply",
  title: "Multiply two numbers",
  description: "Multiplies two numbers and returns the product.",
  scopes: ["mcp:tools"],
  input: z.object({
    a: z.number().describe("The first number"),
    b: z.number().describe("The second number"),
  }),
  output: z.object({ product: z.number().describe("a × b") }),
  annotations: PURE,
  async run({ a, b }) {
    // As in `add`: JSON cannot say infinity.
    const product = Math.min(Math.max(a * b, -Number.MAX_VALUE), Number.MAX_VALUE);
    return { data: { product }, text: String(product) };
  },
});

export const exampleTools: readonly Tool[] = [greet, multiply];
