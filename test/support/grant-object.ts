import { kvOf } from "./kv.ts";
import { objectRows } from "./object-rows.ts";
import type { TestServer } from "./server.ts";

/** The grant of a code or token, as its object is named: `userId:grantId`. */
export function grantOf(token: string): string {
  return token.split(":").slice(0, 2).join(":");
}

/** Runs SQL in the object of a token's grant: to look at what it keeps, and to let time pass there. */
export function inGrantObject(
  server: Pick<TestServer, "harness">,
  token: string,
  sql: string,
): Promise<Record<string, unknown>[]> {
  return objectRows(server, ["GrantObject", grantOf(token)], sql);
}

/** What the object of a token's grant remembers at all. */
export async function tablesOf(
  server: Pick<TestServer, "harness">,
  token: string,
): Promise<unknown[]> {
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '_cf_%'";
  const rows = await inGrantObject(server, token, sql);
  return rows.map(({ name }) => name).filter((name) => name !== "sqlite_sequence");
}

/** Ends the running object of a token's grant; what it stored stays. */
export function evictGrantObject(server: Pick<TestServer, "harness">, token: string) {
  return server.harness.getWorker().evictDurableObject("GrantObject", { name: grantOf(token) });
}

/** How many objects of a class were ever made. */
export async function objectCount(
  server: Pick<TestServer, "harness">,
  className: "GrantObject" | "OnceObject",
): Promise<number> {
  return (await server.harness.getWorker().listDurableObjectIds(className)).length;
}

export async function keysInKv(
  server: Pick<TestServer, "harness">,
  prefix: string,
): Promise<string[]> {
  const { keys } = await (await kvOf(server)).list({ prefix });
  return keys.map(({ name }) => name);
}
