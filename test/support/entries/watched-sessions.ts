import * as z from "zod";

import { registerSessionTools, registerStatelessTools } from "../../../src/mcp/register-tools.ts";
import { BaseSessionAgent } from "../../../src/mcp/session-agent.ts";
import { createWorker } from "../../../src/worker.ts";

export { AccountObject, GrantObject, OnceObject } from "../../../src/index.ts";

/** The Worker with tools that take their time, and that show, and end, the object that they run in. */

const says = (text: string) => ({ content: [{ type: "text" as const, text }] });
const inputSchema = z.object({ ms: z.number() });

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export class SessionAgent extends BaseSessionAgent {
  protected override readonly register = registerSessionTools;

  /** Another one in every instance: what an eviction changes. */
  readonly #instance = crypto.randomUUID();

  override async init(): Promise<void> {
    await super.init();
    this.server.registerTool("instance", {}, () => says(this.#instance));
    this.server.registerTool("abort", {}, () => {
      this.ctx.abort("A test ended this object.");
      return says("never said");
    });
    this.server.registerTool("wait", { inputSchema }, async ({ ms }) => {
      await pause(ms);
      return says(`waited in ${this.#instance}`);
    });
  }
}

export default createWorker({
  registerStateless(server, ...asked) {
    registerStatelessTools(server, ...asked);
    server.registerTool("wait", { inputSchema }, async ({ ms }, { mcpReq }) => {
      // Without a message before its answer the answer would be no stream.
      const { _meta } = mcpReq;
      const params = { progressToken: _meta?.progressToken ?? 0, progress: 0 };
      await mcpReq.notify({ method: "notifications/progress", params });
      await pause(ms);
      return says("waited");
    });
  },
});
