import type { TestServer } from "./server.ts";

/** Runs SQL in a Durable Object: to look at what it keeps, and to let time pass there. */
export async function objectRows(
  { harness }: Pick<TestServer, "harness">,
  className: "AccountObject" | "GrantObject" | "OnceObject",
  name: string,
  sql: string,
): Promise<Record<string, unknown>[]> {
  const { exec } = await harness.getWorker().getDurableObjectStorage(className, { name });
  return exec<Record<string, unknown>>(sql);
}
