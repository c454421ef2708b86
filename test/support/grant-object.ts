import type { TestServer } from "./server.ts";

type Row = Record<string, unknown>;

/** As much of the KV namespace as tests use. */
interface Storage {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
  list(options: { prefix: string }): Promise<{ keys: { name: string }[] }>;
}

/** The grant of a code or token, as its object is named: `userId:grantId`. */
export function grantOf(token: string): string {
  return token.split(":").slice(0, 2).join(":");
}

const worker = ({ harness }: Pick<TestServer, "harness">) =>
  harness.getWorker<{ OAUTH_KV: Storage }>();

/** Runs SQL in the object of a token's grant: to look at what it keeps, and to let time pass there. */
export async function inGrantObject(
  server: Pick<TestServer, "harness">,
  token: string,
  sql: string,
): Promise<Row[]> {
  const { exec } = await worker(server).getDurableObjectStorage("GrantObject", {
    name: grantOf(token),
  });
  return exec<Row>(sql);
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
  return worker(server).evictDurableObject("GrantObject", { name: grantOf(token) });
}

/** How many objects of a class were ever made. */
export async function objectCount(
  server: Pick<TestServer, "harness">,
  className: "GrantObject" | "OnceObject",
): Promise<number> {
  return (await worker(server).listDurableObjectIds(className)).length;
}

export async function storage(server: Pick<TestServer, "harness">): Promise<Storage> {
  return (await worker(server).getEnv()).OAUTH_KV;
}

export async function keysInKv(
  server: Pick<TestServer, "harness">,
  prefix: string,
): Promise<string[]> {
  const { keys } = await (await storage(server)).list({ prefix });
  return keys.map(({ name }) => name);
}
