const encoder = new TextEncoder();
const decoder = new TextDecoder();
const VERSION = "v1";

/** Keys derived from the Worker's one secret, each for a single purpose (RFC 5869, HKDF-SHA-256). */
async function deriveKey(
  secret: string,
  purpose: string,
  usage: "seal" | "sign",
): Promise<CryptoKey> {
  const master = await crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveKey",
  ]);
  const derivation = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode(purpose),
  };
  return usage === "seal"
    ? crypto.subtle.deriveKey(derivation, master, { name: "AES-GCM", length: 256 }, false, [
        "encrypt",
        "decrypt",
      ])
    : crypto.subtle.deriveKey(
        derivation,
        master,
        { name: "HMAC", hash: "SHA-256", length: 256 },
        false,
        ["sign", "verify"],
      );
}

const keys = new Map<string, Promise<CryptoKey>>();

/** The derived key, made once an isolate: a CryptoKey can't be tied to a request. */
export function keyFor(
  secret: string,
  purpose: string,
  usage: "seal" | "sign",
): Promise<CryptoKey> {
  const name = `${usage}:${purpose}:${secret}`;
  const known = keys.get(name);
  if (known) return known;
  const made = deriveKey(secret, purpose, usage);
  keys.set(name, made);
  return made;
}

export function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (char) =>
    char.charCodeAt(0),
  );
}

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
