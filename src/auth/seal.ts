import type { Secrets } from "../config.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { keyFor } from "./keys.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const VERSION = "v1";

/** The value can never be opened: it was altered, or sealed for another owner or with another secret. */
export class SealError extends Error {
  override readonly name = "SealError";
}

/** What sealed values are for: each purpose has a key of its own. */
type Purpose = "upstream tokens" | "account pages";

/** Seals and opens values that rest outside the Worker: AES-256-GCM, bound to one owner. */
export interface Sealer {
  /** The sealed form of `plain`, as `v1.<nonce>.<ciphertext>`; only the same `owner` can open it. */
  seal(plain: string, owner: string): Promise<string>;
  /** The plain text. Throws {@link SealError} for what this owner and these secrets did not seal. */
  open(sealed: string, owner: string): Promise<string>;
  /** The same value, sealed with the current secret: itself, if it was. Throws {@link SealError}. */
  renew(sealed: string, owner: string): Promise<string>;
}

const cipher = (iv: Uint8Array<ArrayBuffer>, owner: string) => ({
  name: "AES-GCM",
  iv,
  additionalData: encoder.encode(owner),
});

/** Seals with one key; see {@link Sealer.seal}. */
export async function sealWith(key: CryptoKey, plain: string, owner: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt(cipher(iv, owner), key, encoder.encode(plain));
  return [VERSION, toBase64Url(iv), toBase64Url(new Uint8Array(sealed))].join(".");
}

/** Opens with one key. Throws for what this key did not seal for this owner. */
export async function openWith(key: CryptoKey, sealed: string, owner: string): Promise<string> {
  const [, iv = "", text = ""] = sealed.split(".");
  const algorithm = cipher(fromBase64Url(iv), owner);
  return decoder.decode(await crypto.subtle.decrypt(algorithm, key, fromBase64Url(text)));
}

/** Seals with the current secret, and opens with former ones too. */
export function sealer(secrets: Secrets, purpose: Purpose = "upstream tokens"): Sealer {
  async function seal(plain: string, owner: string): Promise<string> {
    const key = await keyFor(secrets[0], purpose, "seal");
    return sealWith(key, plain, owner);
  }

  /** Tries each secret; which one fits is known only by the tag of AES-GCM. */
  async function find(sealed: string, owner: string): Promise<{ plain: string; secret: string }> {
    if (!sealed.startsWith(`${VERSION}.`)) {
      throw new SealError("The sealed value has an unknown form.");
    }
    let cause: unknown;
    for (const secret of secrets) {
      try {
        const key = await keyFor(secret, purpose, "seal");
        return { plain: await openWith(key, sealed, owner), secret };
      } catch (error) {
        cause = error;
      }
    }
    throw new SealError("The value was sealed otherwise: altered, or with another secret.", {
      cause,
    });
  }

  return {
    seal,
    open: async (sealed, owner) => (await find(sealed, owner)).plain,
    async renew(sealed, owner) {
      const { plain, secret } = await find(sealed, owner);
      return secret === secrets[0] ? sealed : seal(plain, owner);
    },
  };
}
