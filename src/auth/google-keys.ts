import { waitUntil } from "cloudflare:workers";
import { importJWK } from "jose";
import * as z from "zod";

import { receiveStream } from "../limits/read-body.ts";
import { describeError, log } from "../log.ts";
import { STORAGE_RETRY_SECONDS } from "../storage.ts";
import { type Presented, tooManyTokens } from "./way-in.ts";

/** Google's keys as this isolate uses them, by their names (`kid`). */
interface Copy {
  /** When Google was asked for them, in milliseconds since 1970. */
  readonly at: number;
  readonly keys: ReadonlyMap<string, CryptoKey>;
}

/** The request for which Google is asked. */
type Asker = Pick<Presented, "env" | "mayAsk">;

const KV_KEY = "google:jwks";

/** Google allows some six hours. A key that it withdraws is good here for no longer than this. */
const FRESH_MS = 60 * 60 * 1000;

/** For how long a copy is used while Google does not answer. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;

/** Names that nobody knows cost Google one request in this time; in an outage, as Retry-After says. */
const ASK_AGAIN_MS = 30_000;
const RETRY_MS = STORAGE_RETRY_SECONDS * 1000;

/** A request waits for this before it begins, within the ten seconds that it may take. */
const TIMEOUT_MS = 3_000;

/** Google's two keys have a kilobyte. */
const MAX_BYTES = 64 * 1024;

/** RFC 7517. Keys for another use may stand beside these. */
const jwkSchema = z.object({
  kty: z.literal("RSA"),
  alg: z.literal("RS256"),
  use: z.literal("sig"),
  kid: z.string().min(1),
  n: z.string(),
  e: z.string(),
});
const answerSchema = z.object({ keys: z.array(z.unknown()) });
const storedSchema = z.object({ url: z.string(), at: z.number(), keys: z.array(z.unknown()) });

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

async function copyOf(at: number, jwks: readonly unknown[]): Promise<Copy> {
  const keys = new Map<string, CryptoKey>();
  for (const each of jwks) {
    const jwk = jwkSchema.safeParse(each);
    if (!jwk.success) continue;
    const key = await importJWK(jwk.data, jwk.data.alg);
    if (key instanceof CryptoKey) keys.set(jwk.data.kid, key);
  }
  if (keys.size === 0) throw new Error("no key for RS256");
  return { at, keys };
}

/** The keys as Google publishes them now. Throws an error that says what was wrong, in our words. */
async function published(url: string): Promise<readonly unknown[]> {
  const response = await fetch(url, {
    headers: { Accept: "application/json", "User-Agent": "github-mcp-worker" },
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`status ${response.status}`);
  }
  const limits = { bytes: MAX_BYTES, milliseconds: TIMEOUT_MS };
  const { text, fault } = await receiveStream(response.body, limits);
  if (fault !== undefined) throw new Error(fault);
  const answer = answerSchema.safeParse(parsed(text));
  if (!answer.success) throw new Error("no set of keys");
  return answer.data.keys;
}

async function keep(env: Env, record: z.input<typeof storedSchema>): Promise<void> {
  try {
    const options = { expirationTtl: MAX_AGE_MS / 1000 };
    await env.OAUTH_KV.put(KV_KEY, JSON.stringify(record), options);
  } catch (error) {
    log("warn", "google.keys_not_kept", { error: describeError(error) });
  }
}

/** What an isolate has put down, of the same address. Storage that fails has nothing. */
async function stored(env: Env, url: string): Promise<Copy | undefined> {
  try {
    const record = storedSchema.safeParse(parsed(await env.OAUTH_KV.get(KV_KEY)));
    if (!record.success || record.data.url !== url) return undefined;
    return await copyOf(record.data.at, record.data.keys);
  } catch {
    return undefined;
  }
}

const ageOf = (copy: Copy | undefined) => (copy ? Date.now() - copy.at : Infinity);

/**
 * Google's public keys, which change every few days. A copy is in the isolate for an hour and in KV
 * for a day, so that a new isolate asks nobody, and an outage of Google goes unnoticed.
 *
 * `createRemoteJWKSet` of `jose` keeps its copy in the isolate only, refuses everyone once that is
 * old and Google does not answer, and takes an answer of any size. Neither is `createLocalJWKSet`
 * used: it shares the promise of an import, which in workerd belongs to one request.
 */
export function googleKeys(url: string) {
  let copy: Copy | undefined;
  let askedAt = 0;
  let answeredAt = 0;
  let isDown = false;

  function use(other: Copy): void {
    if (other.at >= (copy?.at ?? 0)) copy = other;
    isDown &&= ageOf(copy) > FRESH_MS;
  }

  /** Each request asks for itself: a promise that another one began may never settle. */
  async function ask(env: Env): Promise<void> {
    const at = Date.now();
    try {
      const keys = await published(url);
      use(await copyOf(at, keys));
      waitUntil(keep(env, { url, at, keys: [...keys] }));
    } catch (error) {
      // Whoever asked before the newest copy came says nothing about now.
      isDown ||= at >= (copy?.at ?? 0);
      const copyAgeSeconds = copy && Math.round(ageOf(copy) / 1000);
      log("warn", "google.keys_not_loaded", { error: describeError(error), copyAgeSeconds });
    } finally {
      answeredAt = Date.now();
    }
  }

  async function load({ env, mayAsk }: Asker, kid: string): Promise<void> {
    askedAt = Date.now();
    const other = await stored(env, url);
    if (other) use(other);
    if (keyOf(kid) && ageOf(copy) <= FRESH_MS) return;
    // Until Google has answered, whoever invents a name makes the server ask.
    if (!keyOf(kid) && !(await mayAsk())) throw tooManyTokens();
    await ask(env);
  }

  const keyOf = (kid: string) => (ageOf(copy) > MAX_AGE_MS ? undefined : copy?.keys.get(kid));

  /** Who needs an answer waits for one; who has a key leaves the asking to the first. */
  function isDue(kid: string): boolean {
    if (!keyOf(kid)) return Date.now() - answeredAt > (isDown ? RETRY_MS : ASK_AGAIN_MS);
    return ageOf(copy) > FRESH_MS && Date.now() - askedAt > ASK_AGAIN_MS;
  }

  return {
    /** The key of this name; `undefined` if Google has none. Throws if that could not be found out. */
    async find(asker: Asker, kid: string): Promise<CryptoKey | undefined> {
      if (isDue(kid)) await load(asker, kid);
      const key = keyOf(kid);
      if (!key && isDown) throw new Error("Google's keys could not be loaded.");
      return key;
    },
  };
}
