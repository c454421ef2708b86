/**
 * Far longer than KV takes, which may show an ended grant elsewhere for a minute: a refresh that
 * found it there would write it back.
 */
const KEPT_MS = 24 * 60 * 60_000;

/** That a grant has ended, in its object's database. */
export class GrantEnd {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  create(): void {
    this.#sql.exec("CREATE TABLE IF NOT EXISTS ended (at INTEGER NOT NULL)");
  }

  reach(now: number): void {
    if (!this.isReached()) this.#sql.exec("INSERT INTO ended (at) VALUES (?)", now);
  }

  isReached(): boolean {
    return this.end() !== undefined;
  }

  /** When that is forgotten, in milliseconds since 1970. */
  end(): number | undefined {
    const [row] = this.#sql.exec<{ at: number }>("SELECT at FROM ended").toArray();
    return row && row.at + KEPT_MS;
  }

  prune(now: number): void {
    this.#sql.exec("DELETE FROM ended WHERE at <= ?", now - KEPT_MS);
  }
}
