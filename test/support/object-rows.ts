import type { TestServer } from "./server.ts";

type Row = Record<string, unknown>;
type Harness = Pick<TestServer, "harness">;

/** Runs SQL in a Durable Object: to look at what it keeps, and to let time pass there. */
export async function objectRows(
  { harness }: Harness,
  [className, name]: ["AccountObject" | "GrantObject", name: string],
  sql: string,
  ...values: (string | number)[]
): Promise<Row[]> {
  const { exec } = await harness.getWorker().getDurableObjectStorage(className, { name });
  return exec<Row>(sql, ...values);
}

/** The same in the account of a person, by GitHub's numeric id. */
export function accountRows(
  server: Harness,
  userId: string | number,
  sql: string,
  ...values: (string | number)[]
): Promise<Row[]> {
  return objectRows(server, ["AccountObject", `person:${userId}`], sql, ...values);
}

/** The person that a code or token belongs to. */
export function userIdOf(token: string): string {
  return token.split(":")[0] ?? "";
}
