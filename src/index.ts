import { registerSessionTools } from "./mcp/register-tools.ts";
import { BaseSessionAgent } from "./mcp/session-agent.ts";
import { createWorker, endSignedOutGrant } from "./worker.ts";

export class SessionAgent extends BaseSessionAgent {
  protected override readonly parts = {
    register: registerSessionTools,
    onSignedOut: endSignedOutGrant,
  };
}

export default createWorker();
