import { callerTokens } from "../account/caller-tokens.ts";
import { endSignedOutGrants } from "../account/end-grants.ts";
import { recordCall } from "../account/recorder.ts";
import type { Config } from "../config.ts";
import { toolContexts } from "../tools/tool-context.ts";
import type { VerifiedCall } from "./call-header.ts";
import { countCall } from "./call-metrics.ts";
import type { CallContext } from "./call-tool.ts";

/** Makes the surroundings of verified calls, in the Worker and in a session's object alike. */
export function callContexts(config: Config, env: Env) {
  const tools = toolContexts(config, env.AI);
  return {
    tools: tools.tools,
    toolsFor: tools.toolsFor,
    contextFor(verified: VerifiedCall, ctx: Pick<ExecutionContext, "waitUntil">): CallContext {
      const { caller, origin, era } = verified;
      const { identity, grantId, client, way } = caller;
      return {
        verified,
        offered: tools.toolsFor(identity),
        tools: tools.contextFor(caller, () => callerTokens(config, env, caller)),
        onSignedOut: async () => {
          if (identity.kind === "person") await endSignedOutGrants(env, origin, identity);
        },
        onFinished: (finished) => {
          // Only people have a page on which to read it.
          if (way === "oauth") recordCall(env, ctx, identity, { ...finished, grantId });
          countCall(env, { ...finished, client: client.name, era });
        },
      };
    },
  };
}

export type CallContexts = ReturnType<typeof callContexts>;
