import { createHash } from "node:crypto";

import type { TestServer } from "./server.ts";

interface Bindings {
  OAUTH_KV: {
    get(key: string, type: "json"): Promise<Record<string, unknown> | null>;
    put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
  };
}

/** KV keeps nothing for less than a minute. */
const SHORTEST_SECONDS = 60;

/** Moves the end of an access token, where the OAuth library keeps it, to so many seconds from now. */
export async function endTokenIn(
  { harness }: Pick<TestServer, "harness">,
  accessToken: string,
  seconds: number,
): Promise<void> {
  const { OAUTH_KV } = await harness.getWorker<Bindings>().getEnv();
  const [userId, grantId] = accessToken.split(":");
  const id = createHash("sha256").update(accessToken).digest("hex");
  const key = `token:${userId}:${grantId}:${id}`;
  const record = await OAUTH_KV.get(key, "json");
  if (!record) throw new Error("KV has no such access token.");
  const expiresAt = Math.floor(Date.now() / 1000) + seconds;
  await OAUTH_KV.put(key, JSON.stringify({ ...record, expiresAt }), {
    expirationTtl: Math.max(SHORTEST_SECONDS, seconds),
  });
}
