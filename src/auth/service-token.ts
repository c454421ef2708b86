import { waitUntil } from "cloudflare:workers";

import { describeError, log } from "../log.ts";
import {
  hashOfServiceToken,
  idOfServiceToken,
  isLikeServiceToken,
} from "./service-token-format.ts";
import {
  serviceTokenForgottenAt,
  serviceTokenKey,
  type ServiceTokenRecord,
  serviceTokenUseKey,
} from "./service-token-record.ts";
import { CredentialRefused, type WayIn } from "./way-in.ts";

/** KV takes nothing shorter. Each of its locations may show a revoked token for so long. */
const CACHE_SECONDS = 30;

const NOTE_EVERY_MS = 60 * 60 * 1000;
const MAX_NOTED = 1000;

const ENCODER = new TextEncoder();

function isSame(one: string, other: string): boolean {
  return crypto.subtle.timingSafeEqual(ENCODER.encode(one), ENCODER.encode(other));
}

/** Whether it never was one or was revoked is for the log. */
function notKnown(check: string): CredentialRefused {
  const message = "This service token is not known here, or was revoked. Ask for another one.";
  return new CredentialRefused(401, check, message);
}

async function noteUse(env: Env, id: string, record: ServiceTokenRecord): Promise<void> {
  try {
    const metadata = { at: Math.floor(Date.now() / 1000) };
    const expiration = serviceTokenForgottenAt(record);
    await env.OAUTH_KV.put(serviceTokenUseKey(id), "", { metadata, expiration });
  } catch (error) {
    log("warn", "token.use_not_noted", { token: id, error: describeError(error) });
  }
}

/**
 * Tokens that whoever runs this server made with `npm run token`, for programs. Their record is read
 * for every request, so that a token that was revoked is good nowhere after half a minute.
 */
export function serviceTokens(): WayIn {
  /** When a token's use was last noted by this isolate. */
  const noted = new Map<string, number>();

  function isUseToBeNoted(id: string): boolean {
    const now = Date.now();
    if (now - (noted.get(id) ?? 0) < NOTE_EVERY_MS) return false;
    if (noted.size >= MAX_NOTED) noted.clear();
    noted.set(id, now);
    return true;
  }

  return {
    name: "service_token",
    accepts: isLikeServiceToken,
    async verify({ token, env }) {
      const id = idOfServiceToken(token);
      if (id === undefined) {
        const message = "This service token was mistyped or cut off. Copy the whole of it again.";
        throw new CredentialRefused(401, "checksum", message);
      }
      const record = await env.OAUTH_KV.get<ServiceTokenRecord>(serviceTokenKey(id), {
        type: "json",
        cacheTtl: CACHE_SECONDS,
      });
      if (!record) throw notKnown("record");
      if (!isSame(record.hash, await hashOfServiceToken(token))) throw notKnown("secret");
      if (record.expiresAt * 1000 <= Date.now()) {
        const message = "This service token has expired. Ask for another one.";
        throw new CredentialRefused(401, "expiry", message);
      }
      if (isUseToBeNoted(id)) waitUntil(noteUse(env, id, record));
      const name = `token:${id}`;
      return {
        identity: { kind: "service", id: name, name: record.name },
        way: "service_token",
        grantId: name,
        scopes: [...record.scopes],
        client: { name: record.name, host: "", isVerified: false },
        expiresAt: record.expiresAt,
        github: { by: "app" },
      };
    },
  };
}
