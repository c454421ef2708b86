import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { TestServer } from "./server.ts";

/** Where the figures of docs/security.md come from. */
const RECORDED = fileURLToPath(new URL("../../docs/results/operations.json", import.meta.url));

/** What one operation of a client costs. */
export interface OperationCost {
  readonly operation: string;
  /** Requests to GitHub. */
  readonly github: number;
  /** Tokens that GitHub accepts after it. */
  readonly liveTokens: number;
  /** Operations on the KV namespace, by kind. */
  readonly kv: Readonly<Record<string, number>>;
  /** Calls of Durable Objects, by object and method. */
  readonly objects: Readonly<Record<string, number>>;
  /** Rate-limit counters that were asked. */
  readonly limits: number;
}

/** Counts what the Worker of `entries/counted.ts` asks of GitHub and of its storage until `work` ends. */
export async function costOf(
  server: TestServer,
  operation: string,
  work: () => Promise<unknown>,
): Promise<OperationCost> {
  await server.github.clearRequests();
  await fetch(`${server.url}/_counts`, { method: "DELETE" });
  await work();
  const answer = await fetch(`${server.url}/_counts`);
  const { limit: limits = 0, ...counts } = (await answer.json()) as Record<string, number>;
  const ofKind = (isKv: boolean) =>
    Object.fromEntries(
      Object.entries(counts)
        .filter(([what]) => what.startsWith("kv.") === isKv)
        .map(([what, times]): [string, number] => [what.replace("kv.", ""), times])
        .toSorted(([one], [other]) => one.localeCompare(other)),
    );
  // The person's own browser is there, too.
  const seen = await server.github.requests();
  const github = seen.filter(({ path }) => path !== "/login/oauth/authorize").length;
  const liveTokens = (await server.github.tokens()).length;
  return { operation, github, liveTokens, kv: ofKind(true), objects: ofKind(false), limits };
}

/** The costs as they are recorded; with RECORD_FIGURES=1 these are recorded first. */
export function recordedCosts(measured: readonly OperationCost[]): OperationCost[] {
  if (process.env["RECORD_FIGURES"]) {
    writeFileSync(RECORDED, `${JSON.stringify(measured, null, 2)}\n`);
  }
  return JSON.parse(readFileSync(RECORDED, "utf8"));
}
