import { DAY_MS } from "./periods.ts";

/** One client that the person let in: a grant, in words that a page can show. */
export interface NewConnection {
  readonly grantId: string;
  readonly clientId: string;
  /** What the client calls itself, as the consent page showed it. Untrusted. */
  readonly clientName: string;
  /** The domain that its description was read from, or else where its access went. */
  readonly host: string;
  /** Whether the host is a domain that the client's description was read from. */
  readonly isVerified: boolean;
  readonly scopes: readonly string[];
  /** The scope set of the upstream token that it uses. */
  readonly tokenSet: string;
}

export interface Connection extends NewConnection {
  /** Milliseconds since 1970, like every time here. */
  readonly since: number;
  /** The last tool call; absent before the first. */
  readonly lastUsedAt: number | undefined;
}

type Row = {
  grant_id: string;
  client_id: string;
  client_name: string;
  host: string;
  is_verified: number;
  scopes: string;
  token_set: string;
  since: number;
  last_used_at: number | null;
};

/** A grant that nobody refreshes ends after 30 days, and is forgotten here a day later. */
const KEPT_MS = 31 * DAY_MS;

function toConnection(row: Row): Connection {
  return {
    grantId: row.grant_id,
    clientId: row.client_id,
    clientName: row.client_name,
    host: row.host,
    isVerified: row.is_verified === 1,
    scopes: row.scopes.split(" ").filter((scope) => scope !== ""),
    tokenSet: row.token_set,
    since: row.since,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}

/** The clients that one person let in, in their object's database. */
export class Connections {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS connections (
      grant_id TEXT PRIMARY KEY, client_id TEXT NOT NULL, client_name TEXT NOT NULL,
      host TEXT NOT NULL, is_verified INTEGER NOT NULL, scopes TEXT NOT NULL,
      token_set TEXT NOT NULL, since INTEGER NOT NULL, last_used_at INTEGER,
      renewed_at INTEGER NOT NULL)`);
  }

  add(connection: NewConnection, now: number): void {
    this.#sql.exec(
      `INSERT OR IGNORE INTO connections (grant_id, client_id, client_name, host, is_verified,
        scopes, token_set, since, renewed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      connection.grantId,
      connection.clientId,
      connection.clientName,
      connection.host,
      connection.isVerified ? 1 : 0,
      connection.scopes.join(" "),
      connection.tokenSet,
      now,
      now,
    );
  }

  /** Newest first. */
  all(): Connection[] {
    return this.#sql
      .exec<Row>("SELECT * FROM connections ORDER BY since DESC, grant_id")
      .toArray()
      .map((row) => toConnection(row));
  }

  get(grantId: string): Connection | undefined {
    const [row] = this.#sql
      .exec<Row>("SELECT * FROM connections WHERE grant_id = ?", grantId)
      .toArray();
    return row && toConnection(row);
  }

  /** The client has refreshed its grant, which therefore lives on. */
  renew(grantId: string, now: number): void {
    this.#sql.exec("UPDATE connections SET renewed_at = ? WHERE grant_id = ?", now, grantId);
  }

  use(grantId: string, at: number): void {
    this.#sql.exec(
      "UPDATE connections SET last_used_at = max(coalesce(last_used_at, 0), ?) WHERE grant_id = ?",
      at,
      grantId,
    );
  }

  remove(grantId: string): void {
    this.#sql.exec("DELETE FROM connections WHERE grant_id = ?", grantId);
  }

  /** Forgets the clients whose grants have ended by themselves. */
  prune(now: number): void {
    this.#sql.exec("DELETE FROM connections WHERE renewed_at < ?", now - KEPT_MS);
  }

  /** The upstream tokens that some client uses, by scope set. */
  usedTokenSets(): Set<string> {
    const rows = this.#sql
      .exec<{ token_set: string }>("SELECT DISTINCT token_set FROM connections")
      .toArray();
    return new Set(rows.map((row) => row.token_set));
  }
}
