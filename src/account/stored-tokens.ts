import { SealError, type Sealer } from "../auth/seal.ts";
import type { UpstreamToken } from "../github/sign-in.ts";

/** One upstream token at rest. */
export interface StoredToken {
  readonly id: number;
  readonly tokenSet: string;
  readonly sealed: string;
  readonly sealedRefresh: string | null;
  /** Seconds since the Unix epoch; `null` for tokens that do not expire. */
  readonly expiresAt: number | null;
  /** Milliseconds since 1970, like `deleteAt`. */
  readonly addedAt: number;
  /** When it is to be deleted at GitHub; `null` for the one token of its set that is in use. */
  readonly deleteAt: number | null;
}

type Row = {
  id: number;
  token_set: string;
  sealed: string;
  sealed_refresh: string | null;
  expires_at: number | null;
  added_at: number;
  delete_at: number | null;
};

/** Its scopes in one text; empty for a GitHub App's, whose permissions are the app's. */
export function tokenSetOf({ scopes }: Pick<UpstreamToken, "scopes">): string {
  return scopes.toSorted().join(" ");
}

/** One person's upstream tokens in their object's database: sealed, one in use for each scope set. */
export class StoredTokens {
  readonly #sql: SqlStorage;
  readonly #sealer: Sealer;
  readonly #owner: string;

  constructor(sql: SqlStorage, sealer: Sealer, owner: string) {
    this.#sql = sql;
    this.#sealer = sealer;
    this.#owner = owner;
    sql.exec(`CREATE TABLE IF NOT EXISTS upstream_tokens (
      id INTEGER PRIMARY KEY AUTOINCREMENT, token_set TEXT NOT NULL, sealed TEXT NOT NULL,
      sealed_refresh TEXT, expires_at INTEGER, added_at INTEGER NOT NULL, delete_at INTEGER)`);
  }

  /** Every token, the newest first. */
  all(): StoredToken[] {
    return this.#sql
      .exec<Row>("SELECT * FROM upstream_tokens ORDER BY id DESC")
      .toArray()
      .map(({ id, sealed, ...row }) => ({
        id,
        tokenSet: row.token_set,
        sealed,
        sealedRefresh: row.sealed_refresh,
        expiresAt: row.expires_at,
        addedAt: row.added_at,
        deleteAt: row.delete_at,
      }));
  }

  /** The tokens in use, one a set. */
  inUse(): StoredToken[] {
    return this.all().filter(({ deleteAt }) => deleteAt === null);
  }

  /** Puts a token in the place of the one in use, which is to be deleted at `deleteAt`. */
  async supersede(token: UpstreamToken, deleteAt: number): Promise<void> {
    const { sealed, refresh } = await this.#seal(token);
    const tokenSet = tokenSetOf(token);
    this.#sql.exec(
      "UPDATE upstream_tokens SET delete_at = ? WHERE token_set = ? AND delete_at IS NULL",
      deleteAt,
      tokenSet,
    );
    this.#sql.exec(
      `INSERT INTO upstream_tokens (token_set, sealed, sealed_refresh, expires_at, added_at)
        VALUES (?, ?, ?, ?, ?)`,
      tokenSet,
      sealed,
      refresh,
      token.expiresAt ?? null,
      Date.now(),
    );
  }

  /** GitHub has renewed a token, which ends the old one. */
  async replace(id: number, token: UpstreamToken): Promise<void> {
    const { sealed, refresh } = await this.#seal(token);
    this.#sql.exec(
      "UPDATE upstream_tokens SET sealed = ?, sealed_refresh = ?, expires_at = ? WHERE id = ?",
      sealed,
      refresh,
      token.expiresAt ?? null,
      id,
    );
  }

  /** Seals a token with the current secret, if it was sealed with a former one. */
  async reseal({ id, sealed, sealedRefresh }: StoredToken): Promise<void> {
    const renewed = await this.#sealer.renew(sealed, this.#owner);
    if (renewed === sealed) return;
    const refresh = sealedRefresh && (await this.#sealer.renew(sealedRefresh, this.#owner));
    this.#sql.exec(
      "UPDATE upstream_tokens SET sealed = ?, sealed_refresh = ? WHERE id = ?",
      renewed,
      refresh,
      id,
    );
  }

  setDeletion(id: number, at: number | null): void {
    this.#sql.exec("UPDATE upstream_tokens SET delete_at = ? WHERE id = ?", at, id);
  }

  remove(id: number): void {
    this.#sql.exec("DELETE FROM upstream_tokens WHERE id = ?", id);
  }

  /** `undefined` for what is not there, or no secret opens any more: it is as good as gone. */
  async open(sealed: string | null): Promise<string | undefined> {
    if (sealed === null) return undefined;
    try {
      return await this.#sealer.open(sealed, this.#owner);
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }

  async #seal({ accessToken, refreshToken }: UpstreamToken) {
    const seal = (plain: string) => this.#sealer.seal(plain, this.#owner);
    return {
      sealed: await seal(accessToken),
      refresh: refreshToken === undefined ? null : await seal(refreshToken),
    };
  }
}
