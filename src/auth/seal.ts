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

async function openWith(secret: string, purpose: Purpose, sealed: string, owner: string) {
  const [, iv = "", text = ""] = sealed.split(".");
  const algorithm = {
    name: "AES-GCM",
    iv: fromBase64Url(iv),
    additionalData: encoder.encode(owner),
  };
  const key = await keyFor(secret, purpose, "seal");
  return decoder.decode(await crypto.subtle.decrypt(algorithm, key, fromBase64Url(text)));
}

/** Seals with the current secret, and opens with former ones too. */
export function sealer(secrets: Secrets, purpose: Purpose = "upstream tokens"): Sealer {
  async function seal(plain: string, owner: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const algorithm = { name: "AES-GCM", iv, additionalData: encoder.encode(owner) };
    const key = await keyFor(secrets[0], purpose, "seal");
    const sealed = await crypto.subtle.encrypt(algorithm, key, encoder.encode(plain));
    return [VERSION, toBase64Url(iv), toBase64Url(new Uint8Array(sealed))].join(".");
  }

  /** Tries each secret; which one fits is known only by the tag of AES-GCM. */
  async function find(sealed: string, owner: string): Promise<{ plain: string; secret: string }> {
    if (!sealed.startsWith(`${VERSION}.`)) {
      throw new SealError("The sealed value has an unknown form.");
    }
    let cause: unknown;
    for (const secret of secrets) {
      try {
        return { plain: await openWith(secret, purpose, sealed, owner), secret };
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
