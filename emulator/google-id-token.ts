import { createHash, createHmac, sign } from "node:crypto";

import type { GoogleKeys, Signer, SigningKey } from "./google-keys.ts";

export interface IdTokenOptions {
  /** Instead of, or beside, the usual claims; `undefined` leaves one out. */
  claims?: Record<string, unknown>;
  /** Instead of, or beside, the usual header. */
  header?: Record<string, unknown>;
  /** Google's newest key, if absent. */
  signedBy?: Signer;
  /** How the signature is made; RS256, if absent. `HS256` takes the public key for a secret. */
  signature?: "RS256" | "HS256" | "none";
}

/** Google gives ID tokens an hour. */
const LIFE_SECONDS = 3600;

/** Whose tokens are minted unless a test says otherwise. */
const SOMEBODY = "ci@octo-project.iam.gserviceaccount.com";

/** An account's number, which never changes: 21 digits. */
export function subjectOf(email: string): string {
  const digest = createHash("sha256").update(email).digest("hex").slice(0, 16);
  return `1${BigInt(`0x${digest}`).toString().padStart(20, "0").slice(0, 20)}`;
}

/** What Google writes of a service account. */
export function claimsOf(email = SOMEBODY, audience = "https://mcp.example") {
  const now = Math.floor(Date.now() / 1000);
  const sub = subjectOf(email);
  return {
    iss: "https://accounts.google.com",
    aud: audience,
    azp: sub,
    sub,
    email,
    email_verified: true,
    iat: now,
    exp: now + LIFE_SECONDS,
  };
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function signatureOf(text: string, key: SigningKey, how: IdTokenOptions["signature"]): string {
  if (how === "none") return "";
  if (how === "HS256") {
    const secret = key.publicKey.export({ type: "spki", format: "pem" });
    return createHmac("sha256", secret).update(text).digest("base64url");
  }
  return sign("sha256", Buffer.from(text), key.privateKey).toString("base64url");
}

/** Signs ID tokens (RFC 7515, compact), true ones and others. */
export function idTokens(keys: GoogleKeys) {
  return function mint(options: IdTokenOptions = {}): string {
    const { header, signedBy = "current", signature } = options;
    const { email, aud } = options.claims ?? {};
    const usual = claimsOf(
      typeof email === "string" ? email : undefined,
      typeof aud === "string" ? aud : undefined,
    );
    const key = keys.get(signedBy);
    const alg = signature ?? "RS256";
    const text = [
      encode({ alg, kid: key.kid, typ: "JWT", ...header }),
      encode({ ...usual, ...options.claims }),
    ].join(".");
    return `${text}.${signatureOf(text, key, signature)}`;
  };
}
