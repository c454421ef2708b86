import { describeError, log } from "../log.ts";
import type { BaseSessionAgent } from "./session-agent.ts";

export type SessionNamespace = DurableObjectNamespace<BaseSessionAgent>;

/** A namespace that gives out this id: `McpAgent` asks it for a fresh one when a session opens. */
export function mintingNamespace(namespace: SessionNamespace, id: string): SessionNamespace {
  return new Proxy(namespace, {
    get(target, property) {
      if (property === "newUniqueId") return () => ({ toString: () => id });
      const value: unknown = Reflect.get(target, property);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Empties the object that a lookup of an ended session woke up. Never rejects. */
export async function discardObject(namespace: SessionNamespace, name: string): Promise<void> {
  try {
    await namespace.get(namespace.idFromName(name)).discardIfEnded();
  } catch (error) {
    // Destroying an object aborts it, and the abort ends this very call.
    log("info", "session.discarded", { how: describeError(error) });
  }
}
