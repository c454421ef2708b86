import type { ObjectKind } from "./fault-rule.ts";
import { FAULT_WORDS, objectFault } from "./rules.ts";

type Method = (...args: unknown[]) => unknown;

/** How the runtime tells a caller that an object cannot be reached (Durable Objects, error handling). */
const FLAGS = {
  overloaded: { overloaded: true },
  reset: { retryable: true, durableObjectReset: true },
} as const;

function faultyStub(stub: object, kind: ObjectKind): object {
  return new Proxy(stub, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || typeof name === "symbol") return value;
      return (...args: unknown[]) => {
        const fault = objectFault(kind, ["overloaded", "reset"], name);
        if (fault === "overloaded" || fault === "reset") {
          return Promise.reject(Object.assign(new Error(FAULT_WORDS), FLAGS[fault]));
        }
        return Reflect.apply(value as Method, target, args);
      };
    },
  });
}

/** A namespace whose objects its caller cannot always reach. */
export function faultyObjects<Namespace extends object>(
  namespace: Namespace,
  kind: ObjectKind,
): Namespace {
  return new Proxy(namespace, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(value as Method, target, args);
        return name === "get" || name === "getByName" ? faultyStub(result as object, kind) : result;
      };
    },
  });
}
