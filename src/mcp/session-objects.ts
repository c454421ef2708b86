import { describeError, log } from "../log.ts";
import type { BaseSessionAgent } from "./session-agent.ts";

export type SessionNamespace = DurableObjectNamespace<BaseSessionAgent>;

/** What a request to `McpAgent` may do with the namespace, seen from here. */
export interface NamespaceWatch {
  /** Given out when the library asks for a fresh id, because a session opens. */
  readonly id: string;
  /** Called with the socket that carries a stream from the session's object. */
  onSocket(socket: WebSocket): void;
}

function forward(target: object, property: string | symbol): unknown {
  const value: unknown = Reflect.get(target, property);
  // A stub's methods are remote: they must be called on the stub, and have no `bind` of their own.
  return typeof value === "function"
    ? (...args: unknown[]) => Reflect.apply(value, target, args) as unknown
    : value;
}

function watchedStub(
  stub: DurableObjectStub<BaseSessionAgent>,
  { onSocket }: NamespaceWatch,
): DurableObjectStub<BaseSessionAgent> {
  return new Proxy(stub, {
    get(target, property) {
      if (property !== "fetch") return forward(target, property);
      return async (request: Request) => {
        const response = await target.fetch(request);
        if (response.webSocket) onSocket(response.webSocket);
        return response;
      };
    },
  });
}

/** The namespace as `McpAgent` gets it. */
export function watchedNamespace(
  namespace: SessionNamespace,
  watch: NamespaceWatch,
): SessionNamespace {
  return new Proxy(namespace, {
    get(target, property) {
      if (property === "newUniqueId") return () => ({ toString: () => watch.id });
      if (property === "get") {
        return (...args: Parameters<SessionNamespace["get"]>) =>
          watchedStub(target.get(...args), watch);
      }
      return forward(target, property);
    },
  });
}

/** The name of a session's object, by which the library knows the session's era. */
export function objectName(era: "session" | "sse", id: string): string {
  return `${era === "sse" ? "sse" : "streamable-http"}:${id}`;
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
