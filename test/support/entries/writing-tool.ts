import * as z from "zod";

import { defineTool, PURE, type Tool } from "../../../src/tools/define-tool.ts";
import { tools } from "../../../src/tools/index.ts";

/** The Worker with a tool that changes something, as far as its annotations say. */
const writeNote = defineTool({
  name: "writeNote",
  title: "Write a note",
  description: "Writes a note.",
  scopes: ["mcp:tools", "github:private"],
  input: z.object({}),
  output: z.object({ done: z.boolean() }),
  annotations: { ...PURE, readOnlyHint: false },
  run: async () => ({ data: { done: true }, text: "written" }),
});

// Before the first request, so that it is a tool like any other.
(tools as Tool[]).push(writeNote);

export {
  AccountObject,
  default,
  GrantObject,
  OnceObject,
  SessionAgent,
} from "../../../src/index.ts";
