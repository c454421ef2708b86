const encoder = new TextEncoder();

/** A key derived from a secret, for a single purpose (RFC 5869, HKDF-SHA-256). */
export async function deriveKey(
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

const keys = new Map<string, CryptoKey>();

/**
 * The key derived from the Worker's own secret, made once an isolate. The key is kept, not the promise of it: a promise belongs
 * to the request that made it, and would stay open for everyone if that request were cancelled.
 */
export async function keyFor(
  secret: string,
  purpose: string,
  usage: "seal" | "sign",
): Promise<CryptoKey> {
  const name = `${usage}:${purpose}:${secret}`;
  const known = keys.get(name);
  if (known) return known;
  const made = await deriveKey(secret, purpose, usage);
  keys.set(name, made);
  return made;
}
