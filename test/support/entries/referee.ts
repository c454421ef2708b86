import { BaseSessionAgent } from "../../../src/mcp/session-agent.ts";
import { createWorker, endSignedOutGrant } from "../../../src/worker.ts";
import { registerSessionFixtures } from "./referee/session-fixtures.ts";
import { registerStatelessFixtures } from "./referee/stateless-fixtures.ts";

/** The Worker with the tools, resources and prompts of the MCP referee in place of our tools. */

export class SessionAgent extends BaseSessionAgent {
  protected override readonly parts = {
    register: registerSessionFixtures,
    onSignedOut: endSignedOutGrant,
  };
}

export default createWorker({ registerStateless: registerStatelessFixtures });
