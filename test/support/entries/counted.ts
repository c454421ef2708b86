import {
  AccountObject as RealAccountObject,
  default as worker,
  GrantObject as RealGrantObject,
  OnceObject as RealOnceObject,
  SessionAgent as RealSessionAgent,
} from "../../../src/index.ts";

/** The Worker with a count of what it asks of its storage, at `/_counts`; DELETE begins anew. */

const counts: Record<string, number> = {};

function count(what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

type Method = (...args: unknown[]) => unknown;

/** The same object; its methods are its own, and `onCall` hears of each call and sees its result. */
function watched<Target extends object>(
  target: Target,
  onCall: (method: string, result: unknown) => unknown,
): Target {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || typeof name === "symbol") return value;
      return (...args: unknown[]) => onCall(name, Reflect.apply(value as Method, target, args));
    },
  });
}

/** Every value that is asked for counts, also the second of the same key in one request. */
function countedKv(kv: KVNamespace): KVNamespace {
  return watched(kv, (method, result) => {
    count(method === "getWithMetadata" ? "kv.get" : `kv.${method}`);
    return result;
  });
}

/** A stub costs nothing; what is called on it does. */
function countedObjects<Namespace extends object>(namespace: Namespace, name: string): Namespace {
  return watched(namespace, (method, stub) => {
    if (method !== "get" && method !== "getByName") return stub;
    return watched(stub as object, (called, answer) => {
      count(`${name}.${called}`);
      return answer;
    });
  });
}

/** One counter asked is one count, whatever it says. */
function countedLimits(env: Env): Partial<Env> {
  const names = Object.keys(env).filter((name) => name.endsWith("_LIMIT"));
  const limits = names.map((name) => {
    const limit = Reflect.get(env, name) as RateLimit;
    return [name, watched(limit, (_method, outcome) => (count("limit"), outcome))];
  });
  return Object.fromEntries(limits) as Partial<Env>;
}

function counted(env: Env): Env {
  return {
    ...env,
    ...countedLimits(env),
    OAUTH_KV: countedKv(env.OAUTH_KV),
    MCP_OBJECT: countedObjects(env.MCP_OBJECT, "session"),
    ACCOUNT_OBJECT: countedObjects(env.ACCOUNT_OBJECT, "account"),
    GRANT_OBJECT: countedObjects(env.GRANT_OBJECT, "grant"),
    ONCE_OBJECT: countedObjects(env.ONCE_OBJECT, "once"),
  };
}

export class AccountObject extends RealAccountObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counted(env));
  }
}

export class GrantObject extends RealGrantObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counted(env));
  }
}

export class OnceObject extends RealOnceObject {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counted(env));
  }
}

export class SessionAgent extends RealSessionAgent {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, counted(env));
  }
}

export default {
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/_counts") {
      return worker.fetch(request, counted(env), ctx);
    }
    const answer = Response.json(counts);
    if (request.method === "DELETE") for (const what of Object.keys(counts)) delete counts[what];
    return answer;
  },
} satisfies ExportedHandler<Env>;
