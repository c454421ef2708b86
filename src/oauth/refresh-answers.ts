import { fromBase64Url, toBase64Url } from "../auth/base64url.ts";
import { sha256 } from "./sha256.ts";

/** How long the same question gets the same answer. */
const KEPT_MS = 60_000;

const CLIENT_AUTHENTICATION = new Set([
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
]);

const encoder = new TextEncoder();

/** A refresh as it is recognized when it comes again. */
export interface RefreshQuestion {
  readonly refreshToken: string;
  /** A hash of who asks, where and what; how a client proves itself may differ each time. */
  readonly name: string;
}

export async function refreshQuestion(
  form: URLSearchParams,
  origin: string,
  clientId: string,
): Promise<RefreshQuestion> {
  const asked = new URLSearchParams([...form].filter(([name]) => !CLIENT_AUTHENTICATION.has(name)));
  asked.sort();
  return {
    refreshToken: form.get("refresh_token") ?? "",
    name: await sha256(JSON.stringify([origin, clientId, asked.toString()])),
  };
}

/**
 * The key is made of the presented token (RFC 5869, HKDF-SHA-256), which this database does not
 * have: whoever reads it alone can open nothing.
 */
async function keyOf(refreshToken: string): Promise<CryptoKey> {
  const material = encoder.encode(refreshToken);
  const master = await crypto.subtle.importKey("raw", material, "HKDF", false, ["deriveKey"]);
  const info = encoder.encode("answers to a refresh");
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  const algorithm = { name: "AES-GCM", length: 256 };
  return crypto.subtle.deriveKey(derivation, master, algorithm, false, ["encrypt", "decrypt"]);
}

const cipher = (iv: Uint8Array<ArrayBuffer>, { name }: RefreshQuestion) => ({
  name: "AES-GCM",
  iv,
  additionalData: encoder.encode(name),
});

/**
 * What refreshes were answered in the last minute, for processes that share a client's token and
 * refresh it at once. Each answer is sealed by AES-256-GCM, in the grant's object's database.
 */
export class RefreshAnswers {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  create(): void {
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS answers (
      question TEXT PRIMARY KEY, iv TEXT NOT NULL, sealed TEXT NOT NULL,
      given_at INTEGER NOT NULL)`);
  }

  async keep(question: RefreshQuestion, answer: string, now: number): Promise<void> {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const key = await keyOf(question.refreshToken);
    const sealed = await crypto.subtle.encrypt(cipher(iv, question), key, encoder.encode(answer));
    this.#sql.exec(
      "INSERT OR REPLACE INTO answers (question, iv, sealed, given_at) VALUES (?, ?, ?, ?)",
      question.name,
      toBase64Url(iv),
      toBase64Url(new Uint8Array(sealed)),
      now,
    );
  }

  async find(question: RefreshQuestion, now: number): Promise<string | undefined> {
    const [row] = this.#sql
      .exec<{ iv: string; sealed: string }>(
        "SELECT iv, sealed FROM answers WHERE question = ? AND given_at > ?",
        question.name,
        now - KEPT_MS,
      )
      .toArray();
    if (!row) return undefined;
    const algorithm = cipher(fromBase64Url(row.iv), question);
    const key = await keyOf(question.refreshToken);
    const answer = await crypto.subtle.decrypt(algorithm, key, fromBase64Url(row.sealed));
    return new TextDecoder().decode(answer);
  }

  /** When the oldest answer is to be wiped, in milliseconds since 1970. */
  end(): number | undefined {
    const { first } = this.#sql
      .exec<{ first: number | null }>("SELECT min(given_at) AS first FROM answers")
      .one();
    return first === null ? undefined : first + KEPT_MS;
  }

  prune(now: number): void {
    this.#sql.exec("DELETE FROM answers WHERE given_at <= ?", now - KEPT_MS);
  }

  clear(): void {
    this.#sql.exec("DELETE FROM answers");
  }
}
