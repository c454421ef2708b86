import * as z from "zod";

import { defineTool, PURE } from "./define-tool.ts";

export const add = defineTool({
  name: "add",
  title: "Add two numbers",
  description: "Adds two numbers and returns the sum. Useful to check that the connection works.",
  scopes: ["mcp:tools"],
  input: z.object({
    a: z.number().describe("The first number"),
    b: z.number().describe("The second number"),
  }),
  output: z.object({ sum: z.number().describe("a + b") }),
  annotations: PURE,
  async run({ a, b }) {
    // Two finite numbers can add up to infinity, which JSON cannot say.
    const sum = Math.min(Math.max(a + b, -Number.MAX_VALUE), Number.MAX_VALUE);
    return { data: { sum }, text: String(sum) };
  },
});
