import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { type Unstable_Config, unstable_readConfig } from "wrangler";

import type { AbuseFigure } from "../test/support/abuse-figures.ts";
import { markdownTable } from "./markdown-table.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What each limit counts, and by what; how many is in wrangler.jsonc. */
const COUNTED: Record<string, readonly [what: string, by: string]> = {
  ADDRESS_LIMIT: [
    "requests to `/token`, `/register`, `/callback` and `/account`, answers to the consent page, and refused tokens",
    "address",
  ],
  REGISTRATION_LIMIT: ["clients that are stored", "address"],
  AUTHORIZATION_LIMIT: ["consent pages that are opened", "address"],
  TOKEN_LIMIT: ["codes and tokens that are redeemed, refreshed or revoked", "grant"],
  CALL_LIMIT: ["requests to MCP", "person"],
  SESSION_LIMIT: ["sessions that are opened, HTTP+SSE streams among them", "person"],
};

/** Throws for a limit that nobody described. */
export function limitsTable(): string {
  const { ratelimits }: Unstable_Config = unstable_readConfig({ config: `${root}wrangler.jsonc` });
  const rows = ratelimits.map(({ name, simple }) => {
    const [what, by] = COUNTED[name] ?? [];
    if (!what || !by) throw new Error(`${name} is not described in scripts/limits-tables.ts.`);
    return [`\`${name}\``, what, by, `${simple.limit} in ${simple.period} s`];
  });
  return markdownTable(["Limit", "What counts", "By", "How many"], rows);
}

/** What abuse cost, as the tests in test/workers/abuse have measured it. */
export function abuseTable(): string {
  const files = globSync(`${root}docs/results/abuse/*.json`).toSorted();
  const figures = files.map((file) => JSON.parse(readFileSync(file, "utf8")) as AbuseFigure);
  const rows = figures.map(({ abuse, requests, refused, kvReads, kvWrites, objects }) => [
    abuse,
    ...[requests, refused, kvReads, kvWrites, objects].map((figure) => figure.toLocaleString("en")),
  ]);
  return markdownTable(
    ["Abuse", "Requests", "Refused with 429", "KV reads", "KV writes", "New objects"],
    rows,
  );
}
