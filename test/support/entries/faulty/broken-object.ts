import type { ObjectKind } from "./fault-rule.ts";
import { FAULT_WORDS, objectFault } from "./rules.ts";

type Method = (this: object, ...args: unknown[]) => unknown;

/** Throws if the object of this kind is not to come into being. */
export function brokenObject(
  kind: ObjectKind,
  stage: "constructor" | "init" = "constructor",
): void {
  if (objectFault(kind, [stage])) throw new Error(FAULT_WORDS);
}

const WRITES = /^(?:INSERT|UPDATE|DELETE|CREATE|REPLACE)/i;
const WRITING = new Set(["put", "delete", "deleteAll", "setAlarm"]);

/** Passes everything on to the target, but the calls that `refuses` says no to. */
function refusing<Target extends object>(
  target: Target,
  refuses: (method: string, args: unknown[]) => boolean,
  inner: (name: string, value: object) => object = (_name, value) => value,
): Target {
  return new Proxy(target, {
    get(_target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof name === "symbol") return value;
      if (typeof value === "object" && value !== null) return inner(name, value);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (refuses(name, args)) throw new Error(FAULT_WORDS);
        return Reflect.apply(value as Method, target, args);
      };
    },
  });
}

/** The object's state, with storage that refuses to write while it is told to: all, or one statement. */
export function brokenStorage(ctx: DurableObjectState, kind: ObjectKind): DurableObjectState {
  const isStruck = (what: string) => objectFault(kind, ["storage"], what) !== undefined;
  const writes = (method: string) => WRITING.has(method) && isStruck(method);
  const storage = refusing(ctx.storage, writes, (name, value) =>
    name === "sql"
      ? refusing(value, (method, [sql]) => {
          const statement = String(sql).trim();
          return method === "exec" && WRITES.test(statement) && isStruck(statement);
        })
      : refusing(value, writes),
  );
  Object.defineProperty(ctx, "storage", { value: storage });
  return ctx;
}

/** Methods that the runtime calls, or that decide nothing. */
const LEFT_ALONE = new Set(["constructor", "init"]);

/** Lets the methods that others call end the object before, or after, they have done their work. */
export function strikeMethods(objectClass: { readonly prototype: object }, kind: ObjectKind): void {
  const { prototype } = objectClass;
  const real: object = Object.getPrototypeOf(prototype);
  const names = new Set([...Object.getOwnPropertyNames(real), "fetch"]);
  for (const name of names) {
    const method: unknown = Reflect.get(real, name);
    if (LEFT_ALONE.has(name) || typeof method !== "function") continue;
    const struck: Method = async function (this: object, ...args) {
      const fault = objectFault(kind, ["aborts", "aborts-after", "throws"], name);
      const { ctx } = this as { ctx: DurableObjectState };
      if (fault === "throws") throw new Error(FAULT_WORDS);
      if (fault === "aborts") ctx.abort(FAULT_WORDS);
      const result: unknown = await Reflect.apply(method as Method, this, args);
      if (fault === "aborts-after") ctx.abort(FAULT_WORDS);
      return result;
    };
    Object.defineProperty(prototype, name, { value: struck, configurable: true, writable: true });
  }
}
