import * as z from "zod";

import { moreTools } from "../../../bench/stock/more-tools.ts";
import { PURE, type Tool } from "../../../src/tools/define-tool.ts";
import { tools } from "../../../src/tools/index.ts";

/** The Worker with 200 tools for whoever signs in: its own four, and as many as a large server has. */
const OWN = 4;
const ALL = 200;

const output = z.object({ done: z.boolean().describe("Whether it was done") });

const others = moreTools(ALL - OWN).map(({ name, title, description, readsOnly, input }): Tool => ({
  name,
  title,
  description,
  scopes: ["mcp:tools"],
  input,
  output,
  annotations: { ...PURE, readOnlyHint: readsOnly, destructiveHint: !readsOnly },
  run: async () => ({ data: { done: false }, text: "This tool does nothing." }),
}));

// Before the first request, so that they are tools like any others.
(tools as Tool[]).push(...others);

export {
  AccountObject,
  default,
  GrantObject,
  OnceObject,
  SessionAgent,
} from "../../../src/index.ts";
