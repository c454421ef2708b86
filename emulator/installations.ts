import { createPublicKey, generateKeyPairSync, verify } from "node:crypto";

import { type Answer, apiError, json, notFound } from "./answer.ts";
import { bearerToken } from "./caller.ts";
import { knownPerson } from "./control-tokens.ts";
import { type Call, isFields } from "./input.ts";
import { EMULATED_INSTALLATION } from "./seed.ts";
import type { World } from "./world.ts";

/** GitHub takes an app's word for ten minutes at most. */
const MAX_LIFE_SECONDS = 10 * 60;

let privateKey: string | undefined;

/** The GitHub App's private key, PKCS #8 in PEM, made when it is first asked for. */
export function appPrivateKey(): string {
  privateKey ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  }).privateKey;
  return privateKey;
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

/** Whether a JWT says in the App's own name who it is, and still does. */
function isFromApp(jwt: string): boolean {
  const [header = "", payload = "", signature = ""] = jwt.split(".");
  const claims = decoded(payload);
  if (!isFields(claims)) return false;
  const now = Date.now() / 1000;
  const [issuedAt, end] = [Number(claims.iat), Number(claims.exp)];
  const isNow = issuedAt <= now && end > now && end - issuedAt <= MAX_LIFE_SECONDS;
  if (Number(claims.iss) !== EMULATED_INSTALLATION.appId || !isNow) return false;
  const key = createPublicKey(appPrivateKey());
  const signed = Buffer.from(`${header}.${payload}`);
  return verify("sha256", signed, key, Buffer.from(signature, "base64url"));
}

/** `POST /app/installations/{id}/access_tokens`: a token that lasts an hour, for the App itself. */
export function installations(world: World, call: Call, parts: string[]): Answer {
  const [, , id, what] = parts;
  if (!isFromApp(bearerToken(call.headers.authorization) ?? "")) {
    return apiError(401, "A JSON web token could not be decoded");
  }
  const isToken =
    call.method === "POST" && parts[1] === "installations" && what === "access_tokens";
  if (!isToken || Number(id) !== EMULATED_INSTALLATION.id) return notFound();
  const issued = world.tokens.issue({
    app: { kind: "installation", clientId: "" },
    userId: knownPerson(world, EMULATED_INSTALLATION.login).id,
    scopes: [],
  });
  return json(201, {
    token: issued.token,
    expires_at: new Date(issued.expiresAt ?? 0).toISOString().replace(/\.\d+Z$/, "Z"),
    permissions: { contents: "read", metadata: "read" },
    repository_selection: "all",
  });
}
