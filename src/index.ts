import { registerSessionTools } from "./mcp/register-tools.ts";
import { BaseSessionAgent } from "./mcp/session-agent.ts";
import { createWorker } from "./worker.ts";

export { AccountObject } from "./account/account-object.ts";
export { GrantObject } from "./oauth/grant-object.ts";
export { OnceObject } from "./oauth/once-object.ts";

export class SessionAgent extends BaseSessionAgent {
  /** `agents` calls the object so in what it logs; minified, the class has another name. */
  static override readonly name = "SessionAgent";
  protected override readonly register = registerSessionTools;
}

export default createWorker();
