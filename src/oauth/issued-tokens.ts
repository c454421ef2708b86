/** A grant that nobody refreshes ends after 30 days, and its tokens with it. */
const KEPT_MS = 31 * 24 * 60 * 60_000;
const KEPT_TOKENS = 1000;

/** KV may show an old grant for a minute, or a little more. */
const UNSEEN_MS = 2 * 60_000;

/** The code that bought the first refresh token, which is generation 0. Each buys the next one. */
const CODE = -1;
const REPLAYED_GENERATIONS = 2;

/** The code and refresh tokens that one grant was given, by their SHA-256, in its object's database. */
export class IssuedTokens {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  create(): void {
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS tokens (
      id INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE,
      generation INTEGER NOT NULL, issued_at INTEGER NOT NULL)`);
  }

  /** The grant's first refresh token, and the code that bought it. */
  addFirst(hash: string, code: string, now: number): void {
    this.#add(code, CODE, now);
    this.#add(hash, 0, now);
  }

  /** A refresh token that another one bought. */
  addSuccessor(hash: string, parent: string, now: number): void {
    // What the OAuth library accepts but this object has not seen was given out before it existed.
    if (this.#generationOf(parent) === undefined) this.#add(parent, this.#newest() ?? 0, now);
    this.#add(hash, (this.#generationOf(parent) ?? 0) + 1, now);
    this.#sql.exec("DELETE FROM tokens WHERE id <= (SELECT max(id) FROM tokens) - ?", KEPT_TOKENS);
  }

  isUsedCode(hash: string): boolean {
    return this.#generationOf(hash) === CODE;
  }

  /**
   * Whether a refresh token is two generations old: its successor was used, so nobody who got the
   * answers needs it, and two parties hold it (RFC 9700, section 4.14.2). One generation says
   * nothing yet: the answer may have been lost.
   */
  isReplayed(hash: string): boolean {
    const generation = this.#generationOf(hash) ?? CODE;
    if (generation === CODE) return false;
    return (this.#newest() ?? 0) - generation >= REPLAYED_GENERATIONS;
  }

  /** Whether this is the refresh token that was given out last, and so new that KV may not know it. */
  isNew(hash: string, now: number): boolean {
    const [last] = this.#sql
      .exec<{ hash: string; issued_at: number }>("SELECT * FROM tokens ORDER BY id DESC LIMIT 1")
      .toArray();
    return last?.hash === hash && last.issued_at > now - UNSEEN_MS;
  }

  isEmpty(): boolean {
    return this.#newest() === undefined;
  }

  /** When the youngest token is forgotten, in milliseconds since 1970. */
  end(): number | undefined {
    const { last } = this.#sql
      .exec<{ last: number | null }>("SELECT max(issued_at) AS last FROM tokens")
      .one();
    return last === null ? undefined : last + KEPT_MS;
  }

  prune(now: number): void {
    this.#sql.exec("DELETE FROM tokens WHERE issued_at <= ?", now - KEPT_MS);
  }

  clear(): void {
    this.#sql.exec("DELETE FROM tokens");
  }

  #add(hash: string, generation: number, now: number): void {
    this.#sql.exec(
      "INSERT INTO tokens (hash, generation, issued_at) VALUES (?, ?, ?)",
      hash,
      generation,
      now,
    );
  }

  #generationOf(hash: string): number | undefined {
    return this.#sql
      .exec<{ generation: number }>("SELECT generation FROM tokens WHERE hash = ?", hash)
      .toArray()[0]?.generation;
  }

  #newest(): number | undefined {
    const { newest } = this.#sql
      .exec<{ newest: number | null }>("SELECT max(generation) AS newest FROM tokens")
      .one();
    return newest ?? undefined;
  }
}
