import { DurableObject } from "cloudflare:workers";

import { identityKey, type Person } from "../auth/identity.ts";
import { loadConfig } from "../config.ts";
import type { UpstreamToken } from "../github/sign-in.ts";
import { describeError, log } from "../log.ts";
import { inRequest, type RequestContext } from "../request-context.ts";
import { type Connection, Connections, type NewConnection } from "./connections.ts";
import { endGrants, type GrantEnding } from "./end-grants.ts";
import { EntryCheck, type RenewalAnswer } from "./entry-check.ts";
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

/** A client that refreshes, as its grant knows it. */
export interface Renewal {
  readonly grantId: string;
  readonly identity: Person;
  readonly tokenSet: string;
  /** The origin of this Worker that the grant belongs to. */
  readonly origin: string;
  readonly request: RequestContext;
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
  readonly #entry: EntryCheck;
  readonly #ending = new SharedWork<void>();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const { sql } = ctx.storage;
    this.#connections = new Connections(sql);
    this.#events = new Events(sql);
    const [config, owner] = [loadConfig(env), String(ctx.id.name)];
    this.#tokens = new UpstreamTokens(sql, config, owner);
    this.#entry = new EntryCheck(config, owner);
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

  /**
   * A client refreshes: whether the person may still enter, whether the token still works, and the
   * token that the client uses from now on. All that a refused person let in ends, a moment later.
   */
  renew({ grantId, identity, tokenSet, origin, request }: Renewal): Promise<RenewalAnswer> {
    return inRequest(request, async () => {
      this.#connections.renew(grantId, Date.now());
      const answer = await this.#entry.answer(identity, () => this.#tokens.checked(tokenSet));
      // Not awaited: the grant that refreshes ends after its refresh, which waits for this answer.
      if (answer.status === "refused") this.ctx.waitUntil(this.#endAllGrants(origin, identity));
      return answer;
    });
  }

  /** The token of a scope set, renewed if it has ended or soon will. */
  current(tokenSet: string, request: RequestContext): Promise<TokenAnswer> {
    return inRequest(request, () => this.#tokens.current(tokenSet));
  }

  /** The token to use after GitHub has refused one with 401. */
  insteadOf(tokenSet: string, refused: string, request: RequestContext): Promise<TokenAnswer> {
    return inRequest(request, () => this.#tokens.insteadOf(tokenSet, refused));
  }

  /** Ends the grants whose upstream token is gone for good: once, for all calls that find it out together. */
  endSignedOutGrants(origin: string, identity: Person, request: RequestContext): Promise<void> {
    const end = () => {
      const alive = this.#tokens.sets();
      const gone = this.#connections.all().filter(({ tokenSet }) => !alive.has(tokenSet));
      return this.#endGrants(identity, gone, { origin, why: "signed out by GitHub" });
    };
    return inRequest(request, () => this.#ending.once(`signed out ${origin}`, end));
  }

  /** Never rejects: a client that is left over is refused when it refreshes. */
  async #endAllGrants(origin: string, identity: Person): Promise<void> {
    try {
      await this.#ending.once(`refused ${origin}`, () =>
        this.#endGrants(identity, this.#connections.all(), { origin, why: "not admitted" }),
      );
    } catch (error) {
      const caller = identityKey(identity);
      log("warn", "grants.not_ended", { caller, error: describeError(error) });
    }
  }

  #endGrants(
    identity: Person,
    gone: readonly Connection[],
    how: Omit<GrantEnding, "request">,
  ): Promise<void> {
    const grantIds = gone.map(({ grantId }) => grantId);
    return endGrants(this.env, identity, grantIds, how);
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
    for (const [grantId, together] of Map.groupBy(calls, (call) => call.grantId)) {
      // A call that outlived its grant is still something that was done in the person's name.
      const client = this.#connections.get(grantId)?.clientName ?? "A disconnected app";
      this.#events.add(
        ...together.map((call): AccountEvent => ({ ...call, kind: "tool_called", client })),
      );
      this.#connections.use(grantId, Math.max(...together.map(({ at }) => at)));
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
