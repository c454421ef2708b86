import { sealer } from "../auth/seal.ts";
import type { Config } from "../config.ts";
import {
  GitHubOutage,
  GitHubRefusal,
  type GitHubSignIn,
  githubSignIn,
  type UpstreamToken,
} from "../github/sign-in.ts";
import { describeError, log } from "../log.ts";
import { MINUTE_MS } from "./periods.ts";
import { SharedWork } from "./shared-work.ts";
import { type StoredToken, StoredTokens, tokenSetOf } from "./stored-tokens.ts";

/** A token as everyone but its owner's object sees it. */
export interface SharedToken {
  /** Its scopes in one text; empty for a GitHub App's, whose permissions are the app's. */
  readonly tokenSet: string;
  /** Sealed for the identity's key. */
  readonly sealed: string;
  /** Seconds since the Unix epoch; absent for tokens that do not expire. */
  readonly expiresAt: number | undefined;
}

export type TokenAnswer =
  | { readonly status: "ok"; readonly token: SharedToken }
  /** GitHub denies every token there is: the person must sign in again. */
  | { readonly status: "signed_out" }
  /** GitHub gives no answer. Nothing is lost; it may do so later. */
  | { readonly status: "unavailable" };

/** Calls under way, and copies in access tokens, may still use a token that was superseded. */
const SUPERSEDED_MS = 10 * MINUTE_MS;

/** A sign-in that no client finishes ends after ten minutes, as its code does. */
const UNCLAIMED_MS = 10 * MINUTE_MS;

/** A token that ends sooner is renewed before it is used. */
export const LEEWAY_SECONDS = 60;

/** A copy given out with an access token should last as long as that does: an hour, and a little. */
const AHEAD_SECONDS = 65 * 60;

const SIGNED_OUT: TokenAnswer = { status: "signed_out" };
const UNAVAILABLE: TokenAnswer = { status: "unavailable" };

function shared({ tokenSet, sealed, expiresAt }: StoredToken): SharedToken {
  return { tokenSet, sealed, expiresAt: expiresAt ?? undefined };
}

function ok(token: StoredToken): TokenAnswer {
  return { status: "ok", token: shared(token) };
}

function endsWithin({ expiresAt }: StoredToken, seconds: number): boolean {
  return expiresAt !== null && expiresAt <= Date.now() / 1000 + seconds;
}

/** When a token is to be deleted at GitHub: after it was superseded, or if no client claims it. */
function deletionOf(token: StoredToken, used: ReadonlySet<string>): number {
  if (token.deleteAt !== null) return token.deleteAt;
  return used.has(token.tokenSet) ? Infinity : token.addedAt + UNCLAIMED_MS;
}

/**
 * The GitHub tokens of one person: one in use for each scope set, shared by all their clients. A
 * token is given up only when GitHub's own check denies it, and what several calls need of GitHub
 * at the same moment is asked once.
 */
export class UpstreamTokens {
  readonly #stored: StoredTokens;
  readonly #signIn: GitHubSignIn;
  readonly #work = new SharedWork<TokenAnswer>();
  readonly #owner: string;

  constructor(sql: SqlStorage, config: Config, owner: string) {
    this.#stored = new StoredTokens(sql, sealer(config.serverSecrets), owner);
    this.#signIn = githubSignIn(config.github);
    this.#owner = owner;
  }

  /** Keeps a new sign-in's token for its set; the one before it is deleted at GitHub later. */
  async adopt(token: UpstreamToken): Promise<SharedToken> {
    const before = this.#inUse(tokenSetOf(token));
    const isSame = before && (await this.#stored.open(before.sealed)) === token.accessToken;
    if (isSame) await this.#stored.replace(before.id, token);
    else await this.#stored.supersede(token, Date.now() + SUPERSEDED_MS);
    const adopted = this.#inUse(tokenSetOf(token));
    if (!adopted) throw new Error("The token of a sign-in was lost while it was stored.");
    return shared(adopted);
  }

  /** The scope sets that have a token. */
  sets(): Set<string> {
    return new Set(this.#stored.inUse().map(({ tokenSet }) => tokenSet));
  }

  /** A token to use now. */
  async current(tokenSet: string): Promise<TokenAnswer> {
    const token = this.#inUse(tokenSet);
    if (!token) return SIGNED_OUT;
    return endsWithin(token, LEEWAY_SECONDS) ? this.#renewed(token) : ok(token);
  }

  /** A token that GitHub has just accepted, and that lasts for an hour if it can be had. */
  async checked(tokenSet: string): Promise<TokenAnswer> {
    const token = this.#inUse(tokenSet);
    if (!token) return SIGNED_OUT;
    return endsWithin(token, AHEAD_SECONDS) ? this.#renewed(token) : this.#verified(token);
  }

  /** A token other than the one that GitHub refused; the same one if GitHub's check accepts it. */
  async insteadOf(tokenSet: string, refused: string): Promise<TokenAnswer> {
    const token = this.#inUse(tokenSet);
    if (!token) return SIGNED_OUT;
    const plain = await this.#stored.open(token.sealed);
    // Another call may have found out meanwhile that it is gone.
    if (this.#inUse(tokenSet)?.id !== token.id) return this.current(tokenSet);
    const isUseless = plain === undefined || plain === refused;
    return isUseless && !endsWithin(token, LEEWAY_SECONDS)
      ? this.#verified(token)
      : this.current(tokenSet);
  }

  /** Deletes at GitHub what was superseded for long enough, and what no client uses. */
  async deleteDue(used: ReadonlySet<string>): Promise<void> {
    const due = this.#stored.all().filter((token) => deletionOf(token, used) <= Date.now());
    for (const { id, sealed } of due) {
      try {
        const plain = await this.#stored.open(sealed);
        if (plain !== undefined) await this.#signIn.deleteToken(plain);
        this.#stored.remove(id);
      } catch (error) {
        log("warn", "upstream.not_deleted", { error: describeError(error) });
        this.#stored.setDeletion(id, Date.now() + SUPERSEDED_MS);
      }
    }
  }

  /** When {@link deleteDue} has something to do next, in milliseconds since 1970. */
  nextDeletion(used: ReadonlySet<string>): number | undefined {
    const next = Math.min(...this.#stored.all().map((token) => deletionOf(token, used)));
    return Number.isFinite(next) ? next : undefined;
  }

  #inUse(wanted: string): StoredToken | undefined {
    return this.#stored.inUse().find(({ tokenSet }) => tokenSet === wanted);
  }

  #answer(tokenSet: string): TokenAnswer {
    const token = this.#inUse(tokenSet);
    return token ? ok(token) : SIGNED_OUT;
  }

  #renewed(token: StoredToken, isDead = false): Promise<TokenAnswer> {
    return this.#work.once(`renew ${token.tokenSet}`, () => this.#renew(token, isDead));
  }

  #verified(token: StoredToken): Promise<TokenAnswer> {
    return this.#work.once(`verify ${token.tokenSet}`, () => this.#verify(token, true));
  }

  async #renew(token: StoredToken, isDead: boolean): Promise<TokenAnswer> {
    const refreshToken = await this.#stored.open(token.sealedRefresh);
    // What ends and cannot be renewed lives for as long as GitHub says.
    if (refreshToken === undefined) return this.#verify(token, false);
    try {
      await this.#stored.replace(token.id, await this.#signIn.refresh(refreshToken));
      return this.#answer(token.tokenSet);
    } catch (error) {
      log("warn", "upstream.not_renewed", { error: describeError(error) });
      if (error instanceof GitHubRefusal) {
        return isDead ? this.#afterLossOf(token) : this.#verify(token, false);
      }
      return endsWithin(token, 0) ? UNAVAILABLE : ok(token);
    }
  }

  async #verify(token: StoredToken, mayRenew: boolean): Promise<TokenAnswer> {
    try {
      if (!(await this.#isAlive(token))) {
        // It may have ended before its time, by another clock.
        const canRenew = mayRenew && token.sealedRefresh !== null;
        return await (canRenew ? this.#renewed(token, true) : this.#afterLossOf(token));
      }
      await this.#stored.reseal(token);
      return this.#answer(token.tokenSet);
    } catch (error) {
      if (!(error instanceof GitHubOutage)) throw error;
      log("warn", "upstream.not_checked", { error: describeError(error) });
      return UNAVAILABLE;
    }
  }

  /** Goes back to a superseded token, if GitHub accepts one. Throws `GitHubOutage`. */
  async #afterLossOf({ id, tokenSet }: StoredToken): Promise<TokenAnswer> {
    const others = this.#stored.all().filter((other) => other.tokenSet === tokenSet);
    const alive = await this.#firstAlive(others.filter((other) => other.id !== id));
    // A sign-in may have brought another one meanwhile.
    if (this.#inUse(tokenSet)?.id !== id) return this.#answer(tokenSet);
    if (alive) {
      this.#stored.remove(id);
      this.#stored.setDeletion(alive.id, null);
      return this.#answer(tokenSet);
    }
    for (const token of others) this.#stored.remove(token.id);
    log("info", "upstream.signed_out", { caller: this.#owner });
    // Whoever revokes the app at GitHub ends the tokens of all sets.
    await Promise.all(Array.from(this.sets(), (set) => this.checked(set)));
    return SIGNED_OUT;
  }

  async #firstAlive(tokens: readonly StoredToken[]): Promise<StoredToken | undefined> {
    for (const token of tokens) if (await this.#isAlive(token)) return token;
    return undefined;
  }

  /** Throws `GitHubOutage`. */
  async #isAlive({ sealed }: StoredToken): Promise<boolean> {
    const plain = await this.#stored.open(sealed);
    return plain !== undefined && this.#signIn.isAlive(plain);
  }
}
