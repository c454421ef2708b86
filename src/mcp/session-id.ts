import type { Caller } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { keyFor } from "../auth/keys.ts";
import type { Secrets } from "../config.ts";

/** A session id is `<random>-<tag>`: 128 bits each, in hex. The tag binds it to one grant of one identity. */
const SESSION_ID = /^([0-9a-f]{32})-([0-9a-f]{32})$/;
const encoder = new TextEncoder();

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export interface SessionIds {
  mint(caller: Caller): Promise<string>;
  /** Whether the id was minted here for this very caller: the same identity and the same grant. */
  belongsTo(id: string, caller: Caller): Promise<boolean>;
}

/** Ids are minted with the current secret; those of former ones stay good. */
export function sessionIds(secrets: Secrets): SessionIds {
  const message = (random: string, { identity, grantId }: Caller) =>
    encoder.encode(JSON.stringify([identityKey(identity), grantId, random]));

  async function tagOf(secret: string, random: string, caller: Caller): Promise<string> {
    const key = await keyFor(secret, "session ids", "sign");
    const signature = await crypto.subtle.sign("HMAC", key, message(random, caller));
    return toHex(new Uint8Array(signature).subarray(0, 16));
  }

  return {
    async mint(caller) {
      const random = toHex(crypto.getRandomValues(new Uint8Array(16)));
      return `${random}-${await tagOf(secrets[0], random, caller)}`;
    },
    async belongsTo(id, caller) {
      const [, random, tag] = SESSION_ID.exec(id) ?? [];
      if (!random || !tag) return false;
      const given = encoder.encode(tag);
      for (const secret of secrets) {
        const expected = encoder.encode(await tagOf(secret, random, caller));
        if (crypto.subtle.timingSafeEqual(expected, given)) return true;
      }
      return false;
    },
  };
}
