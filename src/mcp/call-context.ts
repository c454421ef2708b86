import { callerTokens } from "../account/caller-tokens.ts";
import { endSignedOutGrants } from "../account/end-grants.ts";
import { recordCall } from "../account/recorder.ts";
import type { Config } from "../config.ts";
import { toolContexts } from "../tools/tool-context.ts";
import type { VerifiedCall } from "./call-header.ts";
import type { CallContext } from "./call-tool.ts";

/** Makes the surroundings of verified calls, in the Worker and in a session's object alike. */
export function callContexts(config: Config, env: Env) {
  const tools = toolContexts(config, env.AI);
  return {
    offerFor: tools.offerFor,
    contextFor(
      { caller, origin }: Pick<VerifiedCall, "caller" | "origin">,
      ctx: Pick<ExecutionContext, "waitUntil">,
    ): CallContext {
      const { identity, grantId } = caller;
      return {
        caller,
        tools: tools.contextFor(caller, callerTokens(config, env, caller)),
        onSignedOut: () => endSignedOutGrants(env, origin, identity),
        onFinished: (call) => recordCall(env, ctx, identity, { ...call, grantId }),
      };
    },
  };
}

export type CallContexts = ReturnType<typeof callContexts>;
