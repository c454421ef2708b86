import { createHash } from "node:crypto";

import { kvOf } from "./kv.ts";
import type { TestServer } from "./server.ts";

/** KV keeps nothing for less than a minute. */
const SHORTEST_SECONDS = 60;

/** Moves the end of an access token, where the OAuth library keeps it, to so many seconds from now. */
export async function endTokenIn(
  server: Pick<TestServer, "harness">,
  accessToken: string,
  seconds: number,
): Promise<void> {
  const kv = await kvOf(server);
  const [userId, grantId] = accessToken.split(":");
  const id = createHash("sha256").update(accessToken).digest("hex");
  const key = `token:${userId}:${grantId}:${id}`;
  const record = await kv.get(key);
  if (record === null) throw new Error("KV has no such access token.");
  const expiresAt = Math.floor(Date.now() / 1000) + seconds;
  await kv.put(key, JSON.stringify({ ...JSON.parse(record), expiresAt }), {
    expirationTtl: Math.max(SHORTEST_SECONDS, seconds),
  });
}
