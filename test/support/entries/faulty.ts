import {
  AccountObject as RealAccountObject,
  default as worker,
  GrantObject as RealGrantObject,
  OnceObject as RealOnceObject,
  SessionAgent as RealSessionAgent,
} from "../../../src/index.ts";
import { brokenObject, brokenStorage, strikeMethods } from "./faulty/broken-object.ts";
import { faultyKv } from "./faulty/faulty-kv.ts";
import { faultyObjects } from "./faulty/faulty-objects.ts";
import { answerControl } from "./faulty/rules.ts";

/** The Worker on storage that fails as it is told, at `/_faults`: POST adds a rule, DELETE takes all away. */

function faulty(env: Env): Env {
  return {
    ...env,
    OAUTH_KV: faultyKv(env.OAUTH_KV),
    MCP_OBJECT: faultyObjects(env.MCP_OBJECT, "session"),
    ACCOUNT_OBJECT: faultyObjects(env.ACCOUNT_OBJECT, "account"),
    GRANT_OBJECT: faultyObjects(env.GRANT_OBJECT, "grant"),
    ONCE_OBJECT: faultyObjects(env.ONCE_OBJECT, "once"),
  };
}

export class AccountObject extends RealAccountObject {
  constructor(ctx: DurableObjectState, env: Env) {
    brokenObject("account");
    super(brokenStorage(ctx, "account"), faulty(env));
  }
}

export class GrantObject extends RealGrantObject {
  constructor(ctx: DurableObjectState, env: Env) {
    brokenObject("grant");
    super(brokenStorage(ctx, "grant"), faulty(env));
  }
}

export class OnceObject extends RealOnceObject {
  constructor(ctx: DurableObjectState, env: Env) {
    brokenObject("once");
    super(brokenStorage(ctx, "once"), faulty(env));
  }
}

export class SessionAgent extends RealSessionAgent {
  constructor(ctx: DurableObjectState, env: Env) {
    brokenObject("session");
    super(brokenStorage(ctx, "session"), faulty(env));
  }

  override async init(): Promise<void> {
    brokenObject("session", "init");
    await super.init();
  }
}

strikeMethods(AccountObject, "account");
strikeMethods(GrantObject, "grant");
strikeMethods(OnceObject, "once");
strikeMethods(SessionAgent, "session");

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname === "/_faults") return answerControl(request);
    return worker.fetch(request, faulty(env), ctx);
  },
} satisfies ExportedHandler<Env>;
