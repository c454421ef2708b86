import { toBase64Url } from "./base64url.ts";

/** The name under which something secret can be remembered without being kept. */
export async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return toBase64Url(new Uint8Array(digest));
}
