type KvOperation = "get" | "put" | "list" | "delete";
export type ObjectKind = "session" | "account" | "grant" | "once";

/** What goes wrong in KV. */
export type KvFault =
  | { readonly kind: "throws" }
  /** Too many writes of one key. */
  | { readonly kind: "limited" }
  /** The operation is done, and its answer is lost. */
  | { readonly kind: "throws-after" }
  | { readonly kind: "slow"; readonly ms: number }
  /** Reads show what was there when the rule was made, also in lists. */
  | { readonly kind: "stale" }
  /** The value is cut in the middle. */
  | { readonly kind: "cut" }
  /** The value is this text. */
  | { readonly kind: "says"; readonly text: string };

/** What goes wrong with a Durable Object. */
export type ObjectFault =
  /** The caller cannot reach it. */
  | { readonly kind: "overloaded" | "reset" }
  /** It ends before it does what it was called for, or when it has done it. */
  | { readonly kind: "aborts" | "aborts-after" }
  | { readonly kind: "throws" }
  /** It cannot be made. */
  | { readonly kind: "constructor" | "init" }
  /** What it writes is refused. */
  | { readonly kind: "storage" };

export type FaultRule = (
  | {
      readonly at: "kv";
      readonly operation?: KvOperation;
      readonly prefix?: string;
      readonly fault: KvFault;
    }
  | {
      readonly at: ObjectKind;
      /** How the method, or the SQL statement, begins; without it, all. */
      readonly method?: string;
      readonly fault: ObjectFault;
    }
) & {
  /** How often it strikes; without it, until the faults are cleared. */
  readonly times?: number;
};
