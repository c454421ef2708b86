import { registerSessionTools } from "../../../src/mcp/register-tools.ts";
import { BaseSessionAgent } from "../../../src/mcp/session-agent.ts";

export { AccountObject, default, GrantObject, OnceObject } from "../../../src/index.ts";

/** The Worker with a tool that asks its person for a whole number of cups. */

const requestedSchema = {
  type: "object" as const,
  properties: { cups: { type: "integer" as const, minimum: 1 } },
  required: ["cups"],
};

export class SessionAgent extends BaseSessionAgent {
  protected override readonly register = registerSessionTools;

  override async init(): Promise<void> {
    await super.init();
    this.server.registerTool("askCups", {}, async ({ requestId }) => {
      const answer = await this.server.server.elicitInput(
        { message: "How many cups?", requestedSchema },
        { relatedRequestId: requestId },
      );
      return { content: [{ type: "text", text: JSON.stringify(answer.content) }] };
    });
  }
}
