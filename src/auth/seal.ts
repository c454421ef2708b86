import { fromBase64Url, toBase64Url } from "./base64url.ts";
import { keyFor } from "./keys.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const VERSION = "v1";

/** The value can never be opened: it was altered, or sealed for another owner or with another secret. */
export class SealError extends Error {
  override readonly name = "SealError";
}

/** Seals and opens values that rest outside the Worker: AES-256-GCM, bound to one owner. */
export interface Sealer {
  /** The sealed form of `plain`, as `v1.<nonce>.<ciphertext>`; only the same `owner` can open it. */
  seal(plain: string, owner: string): Promise<string>;
  /** The plain text. Throws {@link SealError} for what this owner and this secret did not seal. */
  open(sealed: string, owner: string): Promise<string>;
}

export function sealer(secret: string): Sealer {
  const key = () => keyFor(secret, "upstream tokens", "seal");
  return {
    async seal(plain, owner) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const algorithm = { name: "AES-GCM", iv, additionalData: encoder.encode(owner) };
      const sealed = await crypto.subtle.encrypt(algorithm, await key(), encoder.encode(plain));
      return [VERSION, toBase64Url(iv), toBase64Url(new Uint8Array(sealed))].join(".");
    },
    async open(sealed, owner) {
      const [version, iv = "", text = ""] = sealed.split(".");
      if (version !== VERSION) throw new SealError("The sealed value has an unknown form.");
      const algorithm = {
        name: "AES-GCM",
        iv: fromBase64Url(iv),
        additionalData: encoder.encode(owner),
      };
      try {
        const plain = await crypto.subtle.decrypt(algorithm, await key(), fromBase64Url(text));
        return decoder.decode(plain);
      } catch (cause) {
        throw new SealError("The value was sealed otherwise: altered, or with another secret.", {
          cause,
        });
      }
    },
  };
}
