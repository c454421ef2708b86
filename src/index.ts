import { registerSessionTools } from "./mcp/register-tools.ts";
import { BaseSessionAgent } from "./mcp/session-agent.ts";
import { createWorker } from "./worker.ts";

export { AccountObject } from "./account/account-object.ts";
export { GrantObject } from "./oauth/grant-object.ts";
export { OnceObject } from "./oauth/once-object.ts";

export class SessionAgent extends BaseSessionAgent {
  protected override readonly register = registerSessionTools;
}

export default createWorker();
