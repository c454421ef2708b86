import { readFileSync } from "node:fs";

import type { OperationCost } from "../test/support/operation-costs.ts";
import { markdownTable } from "./markdown-table.ts";

const RECORDED = new URL("../docs/results/operations.json", import.meta.url);

const KV_KINDS = ["get", "put", "delete", "list"];

/** `account.record` is a method of the account object: its calls count for the object. */
function byObject(calls: OperationCost["objects"]): string {
  const objects = Map.groupBy(Object.entries(calls), ([method]) => method.split(".")[0]);
  const counts = Array.from(objects, ([object, methods]) => {
    const times = methods.reduce((total, [, each]) => total + each, 0);
    return times === 1 ? `${object}` : `${object} ×${times}`;
  });
  return counts.join(", ");
}

/** What operations cost, as test/workers/figures.test.ts has measured and holds it. */
export function operationsTable(): string {
  const costs = JSON.parse(readFileSync(RECORDED, "utf8")) as OperationCost[];
  const rows = costs.map(({ operation, github, liveTokens, kv, objects, limits }) => [
    operation,
    String(github),
    ...KV_KINDS.map((kind) => String(kv[kind] ?? 0)),
    byObject(objects),
    String(limits),
    String(liveTokens),
  ]);
  const kinds = ["KV reads", "KV writes", "KV deletes", "KV lists"];
  return markdownTable(
    ["What happens", "GitHub", ...kinds, "Durable Objects", "Counters", "Live GitHub tokens"],
    rows,
  );
}
