import { accountRows } from "./object-rows.ts";
import type { TestServer } from "./server.ts";
import { signIn, tokenRequest } from "./sign-in.ts";

/** Longer than a token stays at GitHub after a newer one has superseded it, in milliseconds. */
const GRACE_MS = 11 * 60_000;

const OCTOCAT = 583_231;

/** Lets time pass for octocat's tokens: what was to happen at these times is due so much sooner. */
export async function ageTokens(
  server: TestServer,
  column: "delete_at" | "expires_at",
  by: number,
): Promise<void> {
  await accountRows(server, OCTOCAT, `UPDATE upstream_tokens SET ${column} = ${column} - ?`, by);
}

/** How many of octocat's tokens are still to be deleted at GitHub. */
export async function supersededTokens(server: TestServer): Promise<number> {
  const rows = await accountRows(
    server,
    OCTOCAT,
    "SELECT id FROM upstream_tokens WHERE delete_at IS NOT NULL",
  );
  return rows.length;
}

/**
 * Begins what happens ten minutes after octocat's last sign-in, without waiting for it: a client that
 * comes and goes makes the account look at what is due.
 */
export async function endGrace(server: TestServer): Promise<void> {
  const visitor = await signIn(server, "octocat");
  await ageTokens(server, "delete_at", GRACE_MS);
  const { client, refresh_token } = visitor;
  await tokenRequest(server, { client_id: client.client_id, token: refresh_token });
}
