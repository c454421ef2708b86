import { setTimeout as delay } from "node:timers/promises";

import {
  type AuthorizationServerMetadata as Metadata,
  type FetchLike,
  isStrictScopeSuperset,
  type OAuthServerInfo,
} from "@modelcontextprotocol/client";

import { BridgeError, explain } from "../../bridge-error.ts";
import type { Refusal } from "../../http/refusal.ts";
import type { ConnectionOptions } from "../../options.ts";
import { log } from "../../output/log.ts";
import type { TokenFacts } from "../token-source.ts";
import { clientOf } from "./client-of.ts";
import { discover, issuerOf } from "./discover.ts";
import { oauthFetch } from "./oauth-fetch.ts";
import { oauthTrouble } from "./oauth-trouble.ts";
import { type RecordFile, recordFileOf } from "./record-file.ts";
import { inTurn, type Turn } from "./record-lock.ts";
import { refresh } from "./refresh.ts";
import type { SignInRecord } from "./sign-in-record.ts";
import { type SignIn, signIn, SignInFailed } from "./sign-in.ts";
import { lacks, noMoreScopes, scopeFor } from "./step-up.ts";
import { pauseBefore } from "./window-back-off.ts";

/** How much longer than a sign-in may take others wait for it: for what comes before and after the page. */
const GRACE_MS = 90_000;

/** After a renewal that failed while the token was still good, this long none is tried. */
const RENEWAL_PAUSE_MS = 30_000;

/** A token that is refused so soon after its sign-in was never good: another would not be either. */
const TOO_FRESH_MS = 60_000;

/** One process's view of a server's sign-in, which it shares with others through a file. */
export class SignInSession {
  readonly #options: ConnectionOptions;
  readonly #server: URL;
  readonly #send: FetchLike;
  readonly #file: RecordFile;
  #record: SignInRecord | undefined;
  #isRead = false;
  /** The sign-in that failed in this run: there is no second window. */
  #failure: SignInFailed | undefined;
  /** The scopes that this run asked for at sign-ins. */
  #asked: string | undefined;
  #noRenewalBefore = 0;

  constructor(options: ConnectionOptions, server: URL, send: FetchLike) {
    this.#options = options;
    this.#server = server;
    this.#send = send;
    const { clientId, clientMetadataUrl, resource } = options;
    this.#file = recordFileOf(server.href, clientId ?? clientMetadataUrl, resource);
  }

  token(): string | undefined {
    return this.#record?.tokens?.access_token;
  }

  async facts(): Promise<TokenFacts | undefined> {
    const tokens = (await this.#read())?.tokens;
    if (!tokens) return undefined;
    const { issuer, scope, expiresAt } = tokens;
    return {
      source: `sign-in at ${issuer}`,
      audience: this.#record?.resource,
      scopes: scope?.split(" "),
      expiresAt,
    };
  }

  /** Whether the token that is at hand is about to expire, and can be renewed. */
  async isToRenew(): Promise<boolean> {
    if (!this.#isRead) await this.#read();
    return Date.now() >= this.#noRenewalBefore && this.#isDue(this.#record);
  }

  /**
   * Renews the token ahead of its end. Where that fails there is still the old one: whether it is good
   * is for the server to say, and `replace` follows.
   */
  async renew(signal: AbortSignal): Promise<void> {
    const patient = (this.#record?.tokens?.expiresAt ?? 0) <= Date.now();
    const look = async () => (this.#isDue(await this.#read()) ? undefined : true);
    const turn = { ...this.#turn(signal), look, patient };
    try {
      const isRenewed = await inTurn(this.#file.path, turn, async (held) =>
        this.#refresh(
          this.#record?.authorizationServer?.metadata,
          oauthFetch(this.#send, this.#server, held),
        ),
      );
      if (isRenewed) return;
    } catch (error) {
      signal.throwIfAborted();
      log("debug", "The token could not be renewed ahead of its end.", {
        why: explain(oauthTrouble(error)),
      });
    }
    this.#noRenewalBefore = Date.now() + RENEWAL_PAUSE_MS;
  }

  /** Resolves once there is another token than the refused one. Throws `BridgeError`. */
  async replace(refusal: Refusal, signal: AbortSignal): Promise<void> {
    const since = Date.now();
    const look = async (): Promise<number | undefined> => {
      const token = (await this.#read())?.tokens?.access_token;
      return token === undefined || token === refusal.token ? undefined : 0;
    };
    const turn = { ...this.#turn(signal), look, patient: true };
    for (;;) {
      const pause = await inTurn(this.#file.path, turn, (held) =>
        this.#another(refusal, since, held),
      );
      if (!pause) return;
      log("info", "A page to sign in was opened a moment ago; waiting before there is another.", {
        seconds: Math.ceil(pause / 1000),
      });
      await delay(pause, undefined, { signal });
    }
  }

  /** Refreshes, or has the person sign in. Resolves to the milliseconds to wait before. */
  async #another(refusal: Refusal, since: number, signal: AbortSignal): Promise<number> {
    const fetchFn = oauthFetch(this.#send, this.#server, signal);
    try {
      const found = await discover(this.#server, refusal.resourceMetadataUrl, fetchFn);
      if (refusal.status === 401 && (await this.#refreshAt(found, fetchFn))) return 0;
      const scope = scopeFor(refusal, this.#options.scope, this.#record);
      this.#assertWorthAsking(refusal, found, scope);
      const pause = pauseBefore(this.#record, since);
      if (pause > 0) return pause;
      await this.#signIn({ found, scope }, fetchFn, signal);
      if (refusal.status === 403 && lacks(this.#record, refusal.scope))
        throw await this.#gotNoMore();
      return 0;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SignInFailed) this.#failure = error;
      throw oauthTrouble(error);
    }
  }

  /** Throws `BridgeError` where a sign-in has been tried in vain, or would be. */
  #assertWorthAsking(
    { status, token }: Refusal,
    found: OAuthServerInfo,
    scope: string | undefined,
  ): void {
    if (this.#failure) throw this.#failure;
    const tokens = this.#record?.tokens;
    if (status === 403) {
      const had = [tokens?.scope, this.#asked].filter(Boolean).join(" ");
      if (!isStrictScopeSuperset(scope, had)) throw noMoreScopes();
      return;
    }
    if (!tokens || tokens.access_token !== token || tokens.issuer !== issuerOf(found)) return;
    const { signedInAt, expiresAt = Infinity } = tokens;
    if (Date.now() < Math.min(signedInAt + TOO_FRESH_MS, expiresAt)) {
      throw new BridgeError("The server refuses a token that was given a moment ago.", {
        advice: "Check --url and --resource, and that this account may use the server.",
      });
    }
  }

  async #signIn(
    { found, scope }: Pick<SignIn, "found" | "scope">,
    fetchFn: FetchLike,
    signal: AbortSignal,
  ): Promise<void> {
    const client = clientOf(this.#options, this.#record, issuerOf(found));
    const known = { server: this.#server, options: this.#options, file: this.#file };
    const it = { ...known, record: this.#record, found, client, scope };
    this.#record = await signIn(it, fetchFn, signal);
    this.#asked = [this.#asked, scope].filter(Boolean).join(" ");
  }

  /** Others are spared a window that would bring no more either. */
  async #gotNoMore(): Promise<BridgeError> {
    const error = noMoreScopes();
    const attempt = { at: Date.now(), failure: error.message };
    if (this.#record) await this.#keep({ ...this.#record, attempt });
    return error;
  }

  /** Refreshes where the authorization server is still the one that gave the token. */
  async #refreshAt(found: OAuthServerInfo, fetchFn: FetchLike): Promise<boolean> {
    if (this.#record?.tokens?.issuer !== issuerOf(found)) return false;
    return this.#refresh(found.authorizationServerMetadata, fetchFn);
  }

  async #refresh(metadata: Metadata | undefined, fetchFn: FetchLike): Promise<boolean> {
    if (!this.#record?.tokens?.refresh_token) return false;
    const { record, isFresh } = await refresh(this.#record, metadata, fetchFn);
    await this.#keep(record);
    return isFresh;
  }

  #isDue(record: SignInRecord | undefined): boolean {
    const { refresh_token, issuedAt = 0, expiresAt } = record?.tokens ?? {};
    if (refresh_token === undefined || expiresAt === undefined) return false;
    // A token that lives shorter than the margin is not renewed at every request.
    const margin = Math.min(this.#options.refreshMargin * 1000, (expiresAt - issuedAt) / 2);
    return Date.now() >= expiresAt - margin;
  }

  #turn(signal: AbortSignal): Pick<Turn<unknown>, "patience" | "signal"> {
    return { patience: this.#options.authTimeout * 1000 + GRACE_MS, signal };
  }

  async #read(): Promise<SignInRecord | undefined> {
    this.#record = await this.#file.read();
    this.#isRead = true;
    return this.#record;
  }

  async #keep(record: SignInRecord): Promise<void> {
    await this.#file.write(record);
    this.#record = record;
  }
}
