import type { FaultRule, KvFault, ObjectFault, ObjectKind } from "./fault-rule.ts";

/** What a fault says that nobody may hear of. */
export const FAULT_WORDS = "faulty-storage: gho_0123456789abcdefghijABCDEFGHIJ012345";

interface Active {
  readonly rule: FaultRule;
  /** When it was made, in milliseconds since 1970. */
  readonly since: number;
  left: number;
}

/** One isolate runs the Worker and all its objects. */
let active: Active[] = [];
let struck = 0;

function use(fits: (rule: FaultRule) => boolean): Active | undefined {
  const found = active.find(({ rule, left }) => left > 0 && fits(rule));
  if (!found) return undefined;
  found.left -= 1;
  struck += 1;
  return found;
}

export function kvFault(
  operation: string,
  key: string,
): { fault: KvFault; since: number } | undefined {
  const found = use(
    (rule) =>
      rule.at === "kv" &&
      (rule.operation ?? operation) === operation &&
      key.startsWith(rule.prefix ?? ""),
  );
  return found?.rule.at === "kv" ? { fault: found.rule.fault, since: found.since } : undefined;
}

/** Whether an object is struck by one of these faults, in this method. */
export function objectFault(
  kind: ObjectKind,
  faults: readonly ObjectFault["kind"][],
  method?: string,
): ObjectFault["kind"] | undefined {
  const found = use(
    (rule) =>
      rule.at === kind &&
      faults.includes(rule.fault.kind) &&
      (method ?? "").startsWith(rule.method ?? ""),
  );
  return found?.rule.at === kind ? found.rule.fault.kind : undefined;
}

export async function answerControl(request: Request): Promise<Response> {
  if (request.method === "POST") {
    const rule = await request.json<FaultRule>();
    active.push({ rule, since: Date.now(), left: rule.times ?? Infinity });
  } else {
    active = [];
  }
  const answer = new Response(String(struck));
  if (request.method === "DELETE") struck = 0;
  return answer;
}
