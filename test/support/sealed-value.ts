import { webcrypto } from "node:crypto";

const encoder = new TextEncoder();

/** Seals a text as the Worker does, written anew from its description: HKDF-SHA-256 and AES-256-GCM. */
export async function sealValue(
  plain: string,
  { secret, purpose, owner }: { secret: string; purpose: string; owner: string },
): Promise<string> {
  const { subtle } = webcrypto;
  const master = await subtle.importKey("raw", encoder.encode(secret), "HKDF", false, [
    "deriveBits",
  ]);
  const derivation = {
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: encoder.encode(purpose),
  };
  const bits = await subtle.deriveBits(derivation, master, 256);
  const key = await subtle.importKey("raw", bits, "AES-GCM", false, ["encrypt"]);
  const iv = webcrypto.getRandomValues(new Uint8Array(12));
  const algorithm = { name: "AES-GCM", iv, additionalData: encoder.encode(owner) };
  const sealed = await subtle.encrypt(algorithm, key, encoder.encode(plain));
  const base64url = (bytes: Uint8Array | ArrayBuffer) =>
    Buffer.from(new Uint8Array(bytes)).toString("base64url");
  return `v1.${base64url(iv)}.${base64url(sealed)}`;
}
