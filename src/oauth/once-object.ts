import { DurableObject } from "cloudflare:workers";

import { sha256 } from "../auth/sha256.ts";

/** As long as the OAuth library accepts a consent handle, or a state: what it ends needs no memory. */
const LIFE_MS = 10 * 60_000;

const CLAIMED = "claimed";

/** What works once: a Durable Object decides it, because two readers of KV can both be the first. */
export class OnceObject extends DurableObject<Env> {
  /** Whether this is the first claim. */
  async claim(): Promise<boolean> {
    const { kv } = this.ctx.storage;
    if (kv.get(CLAIMED)) return false;
    kv.put(CLAIMED, true);
    await this.ctx.storage.setAlarm(Date.now() + LIFE_MS);
    return true;
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}

/**
 * Whether nobody has used this consent handle, or state, before. To be asked only after the OAuth
 * library has accepted it: each question makes an object.
 */
export async function isFirstUse(
  env: Env,
  kind: "consent" | "state",
  handle: string,
): Promise<boolean> {
  return env.ONCE_OBJECT.getByName(`${kind}:${await sha256(handle)}`).claim();
}
