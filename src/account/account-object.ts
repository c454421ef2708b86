import { DurableObject } from "cloudflare:workers";

import { type Identity, identityKey } from "../auth/identity.ts";
import { loadConfig } from "../config.ts";
import type { UpstreamToken } from "../github/sign-in.ts";
import { log } from "../log.ts";
import { type Connection, Connections, type NewConnection } from "./connections.ts";
import { endGrants } from "./end-grants.ts";
import { type AccountEvent, Events } from "./events.ts";
import { SharedWork } from "./shared-work.ts";
import { type SharedToken, type TokenAnswer, UpstreamTokens } from "./upstream-tokens.ts";

/** One finished tool call, as the person will see it. */
export interface ToolCall {
  readonly at: number;
  readonly grantId: string;
  readonly tool: string;
  readonly outcome: string;
  readonly durationMs: number;
}

/**
 * Everything that belongs to one person, in one Durable Object named by the identity's key: the
 * upstream tokens, the clients that were let in, and the last events. Its callers are this Worker's
 * own parts, which have proved who the person is.
 */
export class AccountObject extends DurableObject<Env> {
  readonly #connections: Connections;
  readonly #events: Events;
  readonly #tokens: UpstreamTokens;
  readonly #ending = new SharedWork<void>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    this.#connections = new Connections(sql);
    this.#events = new Events(sql);
    this.#tokens = new UpstreamTokens(sql, loadConfig(env), String(ctx.id.name));
  }

  /** Keeps the token of a sign-in in place of the one before it, for all clients of its scope set. */
  async adopt(token: UpstreamToken): Promise<SharedToken> {
    const shared = await this.#tokens.adopt(token);
    await this.#arm();
    return shared;
  }

  /** A client has redeemed its code. */
  admit(connection: NewConnection): void {
    const now = Date.now();
    this.#connections.add(connection, now);
    this.#events.add({ at: now, kind: "signed_in", client: connection.clientName });
  }

  /** A client refreshes: whether the token still works, and the token that it uses from now on. */
  async renew(grantId: string, tokenSet: string): Promise<TokenAnswer> {
    this.#connections.renew(grantId, Date.now());
    return this.#tokens.checked(tokenSet);
  }

  /** The token of a scope set, renewed if it has ended or soon will. */
  current(tokenSet: string): Promise<TokenAnswer> {
    return this.#tokens.current(tokenSet);
  }

  /** The token to use after GitHub has refused one with 401. */
  insteadOf(tokenSet: string, refused: string): Promise<TokenAnswer> {
    return this.#tokens.insteadOf(tokenSet, refused);
  }

  /** Ends the grants whose upstream token is gone for good: once, for all calls that find it out together. */
  endSignedOutGrants(origin: string, identity: Identity): Promise<void> {
    return this.#ending.once(origin, async () => {
      const alive = this.#tokens.sets();
      const gone = this.#connections.all().filter(({ tokenSet }) => !alive.has(tokenSet));
      if (gone.length === 0) return;
      const grantIds = gone.map(({ grantId }) => grantId);
      await endGrants(this.env, origin, identity, grantIds);
      log("info", "grants.ended", { caller: identityKey(identity), count: gone.length });
    });
  }

  /** A grant has ended. */
  async disconnect(grantId: string): Promise<void> {
    const connection = this.#connections.get(grantId);
    if (!connection) return;
    const isSignedOut = !this.#tokens.sets().has(connection.tokenSet);
    const kind = isSignedOut ? "signed_out_by_github" : "disconnected";
    this.#connections.remove(grantId);
    this.#events.add({ at: Date.now(), kind, client: connection.clientName });
    await this.#arm();
  }

  record(calls: readonly ToolCall[]): void {
    for (const { grantId, ...call } of calls) {
      const client = this.#connections.get(grantId)?.clientName;
      // A call that outlived its grant is still something that was done in the person's name.
      this.#events.add({ ...call, kind: "tool_called", client: client ?? "A disconnected app" });
      this.#connections.use(grantId, call.at);
    }
  }

  connections(): Connection[] {
    this.#connections.prune(Date.now());
    return this.#connections.all();
  }

  events(): AccountEvent[] {
    return this.#events.all();
  }

  override async alarm(): Promise<void> {
    this.#connections.prune(Date.now());
    await this.#tokens.deleteDue(this.#connections.usedTokenSets());
    await this.#arm();
  }

  async #arm(): Promise<void> {
    const due = this.#tokens.nextDeletion(this.#connections.usedTokenSets());
    if (due !== undefined) await this.ctx.storage.setAlarm(due);
  }
}
