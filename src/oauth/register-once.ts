import { sha256 } from "../auth/sha256.ts";
import { clientAddress } from "../limits/client-address.ts";
import type { RateLimits } from "../limits/rate-limits.ts";
import type { OAuthEndpoint } from "./authorization-server.ts";
import { tooManyOAuthRequests } from "./oauth-refusal.ts";

/** What the OAuth library stores of a client; the rest is metadata as the client sent it. */
interface ClientRecord {
  readonly clientId: string;
  /** Seconds since the Unix epoch, like the end. */
  readonly registrationDate: number;
  readonly registrationExpiresAt: number;
}

/** Holds back the one write with which the library ends a registration. */
class HeldWrite {
  record: ClientRecord | undefined;
  options: KVNamespacePutOptions | undefined;

  /** The environment in which the library registers. */
  envFrom(env: Env): Env {
    const put = async (_key: string, value: string, options?: KVNamespacePutOptions) => {
      this.record = JSON.parse(value);
      this.options = options;
    };
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Registration does nothing else.
    return { ...env, OAUTH_KV: { put } as KVNamespace };
  }
}

/** The same for the same metadata: half a SHA-256, as the library's own ids of 16 characters are. */
async function idOf(record: ClientRecord): Promise<string> {
  const { clientId: _, registrationDate: _date, registrationExpiresAt: _end, ...metadata } = record;
  return (await sha256(JSON.stringify(metadata))).slice(0, 32);
}

/** Whether a registration may be used as it is; the library renews those in use at half their life. */
function isFresh({ registrationDate, registrationExpiresAt }: ClientRecord): boolean {
  return Date.now() / 1000 < (registrationDate + registrationExpiresAt) / 2;
}

async function answerWith(
  response: Response,
  { clientId, registrationDate }: ClientRecord,
): Promise<Response> {
  const answer: object = await response.json();
  const named = { ...answer, client_id: clientId, client_id_issued_at: registrationDate };
  return new Response(JSON.stringify(named), response);
}

/**
 * Registers a client as the OAuth library does, but a public client that is known already gets the
 * id that it has, without a write: programs register anew on every start, and some in a loop. A
 * public client is no more than its metadata, so whoever sends the same is the same client. One with
 * a secret is always new, because the hash of its secret is a part of what is stored.
 */
export function registerOnce(register: OAuthEndpoint, limits: RateLimits): OAuthEndpoint {
  return async (request, env, ctx) => {
    const held = new HeldWrite();
    const response = await register(request, held.envFrom(env), ctx);
    if (!held.record) return response;
    const clientId = await idOf(held.record);
    const key = `client:${clientId}`;
    const known = await env.OAUTH_KV.get<ClientRecord>(key, "json");
    if (known && isFresh(known)) return answerWith(response, known);

    const isAdmitted = await limits.registration.admits(clientAddress(request));
    if (!isAdmitted) return tooManyOAuthRequests(request);
    const record = { ...held.record, clientId };
    await env.OAUTH_KV.put(key, JSON.stringify(record), held.options);
    return answerWith(response, record);
  };
}
