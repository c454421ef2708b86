import { deriveKey } from "../auth/keys.ts";
import { openWith, sealWith } from "../auth/seal.ts";
import { sha256 } from "../auth/sha256.ts";

/** How long the same question gets the same answer. */
const KEPT_MS = 60_000;

const CLIENT_AUTHENTICATION = new Set([
  "client_id",
  "client_secret",
  "client_assertion",
  "client_assertion_type",
]);

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
 * The key is made of the presented token, which this database does not have: whoever reads it alone
 * can open nothing.
 */
function keyOf({ refreshToken }: RefreshQuestion): Promise<CryptoKey> {
  return deriveKey(refreshToken, "answers to a refresh", "seal");
}

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
      question TEXT PRIMARY KEY, sealed TEXT NOT NULL, given_at INTEGER NOT NULL)`);
  }

  async keep(question: RefreshQuestion, answer: string, now: number): Promise<void> {
    const sealed = await sealWith(await keyOf(question), answer, question.name);
    this.#sql.exec(
      "INSERT OR REPLACE INTO answers (question, sealed, given_at) VALUES (?, ?, ?)",
      question.name,
      sealed,
      now,
    );
  }

  async find(question: RefreshQuestion, now: number): Promise<string | undefined> {
    const [row] = this.#sql
      .exec<{ sealed: string }>(
        "SELECT sealed FROM answers WHERE question = ? AND given_at > ?",
        question.name,
        now - KEPT_MS,
      )
      .toArray();
    return row && openWith(await keyOf(question), row.sealed, question.name);
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
