import { BaseSessionAgent } from "../../../src/mcp/session-agent.ts";
import { createWorker } from "../../../src/worker.ts";
import { registerSessionFixtures } from "./referee/session-fixtures.ts";
import { registerStatelessFixtures } from "./referee/stateless-fixtures.ts";

export { AccountObject, GrantObject, OnceObject } from "../../../src/index.ts";

/** The Worker with the tools, resources and prompts of the MCP referee in place of our tools. */

export class SessionAgent extends BaseSessionAgent {
  protected override readonly register = registerSessionFixtures;
}

export default createWorker({ registerStateless: registerStatelessFixtures });
