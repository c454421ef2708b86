import { beforeDeadline } from "./deadline.ts";
import { StorageOutage } from "./errors.ts";
import { log } from "./log.ts";

/** KV answers within milliseconds. What takes longer than this is not waited for. */
const OPERATION_MS = 4_000;

/** What all operations together may take, for an answer within ten seconds. */
const TOTAL_MS = 8_000;

/** A stream looks at its token for an hour: what it waited for a minute ago is forgotten. */
const FORGOTTEN_MS = 60_000;

/** SHA-256 in base64url. */
const SHA256_CHARACTERS = 43;

type Check = (record: Record<string, unknown>) => boolean;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function areTexts(record: Record<string, unknown>, ...names: string[]): boolean {
  return names.every((name) => typeof record[name] === "string");
}

/** What the OAuth library, or we, rely on in records, by the beginning of their keys. */
const CHECKS: Readonly<Record<string, Check>> = {
  client: (record) => areTexts(record, "clientId") && Array.isArray(record["redirectUris"]),
  grant: (record) =>
    areTexts(record, "id", "clientId", "userId", "encryptedProps") &&
    Array.isArray(record["scope"]),
  token: (record) =>
    areTexts(record, "grantId", "userId", "wrappedEncryptionKey") &&
    typeof record["expiresAt"] === "number" &&
    isRecord(record["grant"]) &&
    areTexts(record["grant"], "clientId", "encryptedProps"),
  "service-token": (record) =>
    areTexts(record, "hash", "name") &&
    String(record["hash"]).length === SHA256_CHARACTERS &&
    typeof record["expiresAt"] === "number" &&
    Array.isArray(record["scopes"]),
};

function kindOf(key: string): string {
  return key.split(":")[0] ?? "";
}

function isReadable(kind: string, value: unknown): boolean {
  return isRecord(value) && (CHECKS[kind]?.(value) ?? true);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * A record as it was written. One that is not what anybody wrote is never taken for none, or a
 * client would throw its sign-in away; but an access token counts as absent, because the refresh
 * that follows writes another. Throws {@link StorageOutage}.
 */
function readRecord(key: string, text: string | null): unknown {
  if (text === null) return null;
  const kind = kindOf(key);
  const value = parsed(text);
  if (isReadable(kind, value)) return value;
  log("error", "storage.unreadable", { kind });
  if (kind === "token") return null;
  throw new StorageOutage(`A record is not readable: ${kind}.`);
}

/** KV takes one write a second for a key. The OAuth library knows the fault by these words. */
function reasonOf(cause: unknown): string {
  const reason = "429 Too Many Requests";
  return cause instanceof Error && cause.message.includes(reason) ? `, ${reason}` : "";
}

/** Waits for storage, but not for ever. */
class Patience {
  readonly #totalMs: number;
  #left: number;
  #since = Date.now();

  constructor(totalMs: number) {
    this.#totalMs = totalMs;
    this.#left = totalMs;
  }

  /** Throws {@link StorageOutage} for what is rejected, and for what is late. */
  async wait<Result>(what: string, work: Promise<Result>): Promise<Result> {
    const startedAt = Date.now();
    if (startedAt - this.#since > FORGOTTEN_MS) {
      this.#since = startedAt;
      this.#left = this.#totalMs;
    }
    const milliseconds = Math.max(0, Math.min(OPERATION_MS, this.#left));
    try {
      return await beforeDeadline(work, milliseconds, () => new Error("It was late."));
    } catch (cause) {
      throw new StorageOutage(`Storage failed: ${what}${reasonOf(cause)}.`, { cause });
    } finally {
      this.#left -= Date.now() - startedAt;
    }
  }
}

interface GetOptions {
  readonly type?: string;
  readonly cacheTtl?: number;
}

/** What we and the OAuth library call of KV. */
class SteadyKv {
  readonly #kv: KVNamespace;
  readonly #patience: Patience;

  constructor(kv: KVNamespace, totalMs: number) {
    this.#kv = kv;
    this.#patience = new Patience(totalMs);
  }

  async get(key: string, options: string | GetOptions = {}): Promise<unknown> {
    const how: GetOptions = typeof options === "string" ? { type: options } : options;
    const { type, cacheTtl } = how;
    const text = await this.#patience.wait(`get ${kindOf(key)}`, this.#kv.get(key, { cacheTtl }));
    return type === "json" ? readRecord(key, text) : text;
  }

  put(key: string, ...rest: [value: string, options?: KVNamespacePutOptions]): Promise<void> {
    return this.#patience.wait(`put ${kindOf(key)}`, this.#kv.put(key, ...rest));
  }

  delete(key: string): Promise<void> {
    return this.#patience.wait(`delete ${kindOf(key)}`, this.#kv.delete(key));
  }

  list(options?: KVNamespaceListOptions): Promise<unknown> {
    return this.#patience.wait("list", this.#kv.list(options));
  }
}

/**
 * KV that answers, or fails, in time: `totalMs` for all operations of a minute. Whatever goes wrong
 * is a {@link StorageOutage}. Writes are not repeated: a late one may yet arrive.
 */
export function steadyKv(kv: KVNamespace, totalMs = TOTAL_MS): KVNamespace {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Nobody calls anything else.
  return new SteadyKv(kv, totalMs) as unknown as KVNamespace;
}

/** The bindings of one request, with storage that answers in time. All others are read through. */
export function steadyEnv(env: Env): Env {
  const steady: Pick<Env, "OAUTH_KV"> = { OAUTH_KV: steadyKv(env.OAUTH_KV) };
  return Object.assign(Object.create(env), steady);
}

/** How a Durable Object that could not be reached, or did not survive the call, is told from a bug. */
const OBJECT_FAULTS = ["retryable", "overloaded", "durableObjectReset", "remote"];

/** Whether trying again later may help: KV or a Durable Object failed, and not the request. */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof StorageOutage) return true;
  return (
    error instanceof Error && OBJECT_FAULTS.some((fault) => Reflect.get(error, fault) === true)
  );
}

/** Seconds after which a client that met such a fault may try again. */
export const STORAGE_RETRY_SECONDS = 5;
