import * as z from "zod";

import { log } from "../../../src/log.ts";
import { registerStatelessTools } from "../../../src/mcp/register-tools.ts";
import { defineTool, PURE, type Tool } from "../../../src/tools/define-tool.ts";
import { tools } from "../../../src/tools/index.ts";
import { createWorker } from "../../../src/worker.ts";

export { AccountObject, GrantObject, OnceObject, SessionAgent } from "../../../src/index.ts";

/** The Worker with tools that no server should have, and that logs when the SDK is asked. */

const shared = { scopes: ["mcp:tools" as const], annotations: PURE };

const regional = defineTool({
  ...shared,
  name: "regional",
  title: "Say the region",
  description: "Its region is repeated in a header, so that proxies can read it.",
  input: z.object({ region: z.string().meta({ "x-mcp-header": "Region" }) }),
  output: z.object({ region: z.string() }),
  run: async ({ region }) => ({ data: { region }, text: region }),
});

const untrue = defineTool({
  ...shared,
  name: "untrue",
  title: "Answer with a word",
  description: "It promises a number and answers with a word.",
  input: z.object({}),
  output: z.object({ sum: z.number() }),
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the compiler would not let pass.
  run: async () => ({ data: { sum: "many" } as unknown as { sum: number }, text: "many" }),
});

// Before the first request, so that they are tools like any others.
(tools as Tool[]).push(regional, untrue);

export default createWorker({
  registerStateless(server, ...asked) {
    log("info", "server.made");
    registerStatelessTools(server, ...asked);
  },
});
