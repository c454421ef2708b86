import type { Caller } from "../auth/caller.ts";
import { identityKey } from "../auth/identity.ts";
import { keyFor } from "../auth/keys.ts";

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

export function sessionIds(secret: string): SessionIds {
  const key = () => keyFor(secret, "session ids", "sign");
  const message = (random: string, { identity, grantId }: Caller) =>
    encoder.encode(JSON.stringify([identityKey(identity), grantId, random]));

  async function tagOf(random: string, caller: Caller): Promise<string> {
    const signature = await crypto.subtle.sign("HMAC", await key(), message(random, caller));
    return toHex(new Uint8Array(signature).subarray(0, 16));
  }

  return {
    async mint(caller) {
      const random = toHex(crypto.getRandomValues(new Uint8Array(16)));
      return `${random}-${await tagOf(random, caller)}`;
    },
    async belongsTo(id, caller) {
      const [, random, tag] = SESSION_ID.exec(id) ?? [];
      if (!random || !tag) return false;
      const expected = encoder.encode(await tagOf(random, caller));
      return crypto.subtle.timingSafeEqual(expected, encoder.encode(tag));
    },
  };
}
