import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Connection, ConnectionContext } from "agents";

import type { Identity } from "../auth/identity.ts";
import { type Config, loadConfig } from "../config.ts";
import { describeError, log } from "../log.ts";
import { type CallContexts, callContexts } from "./call-context.ts";
import { readCall } from "./call-header.ts";
import { PostingAgent } from "./posting-agent.ts";
import type { RegisterSession } from "./register-tools.ts";
import { SERVER_OPTIONS } from "./server-info.ts";
import { SessionClock } from "./session-clock.ts";
import { SSE_MESSAGES } from "./session-request.ts";
import { prepareAgentTables } from "./session-schema.ts";
import { SessionServer } from "./session-server.ts";

/** What a session keeps about its owner: a reference, never a token. */
export type SessionProps = { identity: Identity; grantId: string };

interface Shared {
  readonly config: Config;
  readonly contexts: CallContexts;
}

const shared = new WeakMap<Env, Shared>();

/** What all sessions with these settings have in common, made once an isolate. Throws `ConfigError`. */
function sharedBySessions(env: Env): Shared {
  const known = shared.get(env);
  if (known) return known;
  const config = loadConfig(env);
  const made = { config, contexts: callContexts(config, env) };
  shared.set(env, made);
  return made;
}

/** Remembers on a connection, even through hibernation, when its token ends. */
function tokenTag({ headers }: Request): string {
  return `until:${readCall(Object.fromEntries(headers)).tokenEndsAt}`;
}

function isLive(connection: Connection): boolean {
  return connection.tags.some((tag) => Number(tag.replace("until:", "")) > Date.now());
}

/**
 * One session of the 2024 and 2025 protocol revisions in one Durable Object. It trusts its callers:
 * only the guard reaches it, after it has proved that the request comes from the session's owner.
 */
export abstract class BaseSessionAgent extends PostingAgent<SessionProps> {
  override server: McpServer = new SessionServer();

  /** Puts the tools into the server. */
  protected abstract readonly register: RegisterSession;

  constructor(ctx: DurableObjectState, env: Env) {
    prepareAgentTables(ctx.storage);
    super(ctx, env);
  }

  readonly #shared = sharedBySessions(this.env);
  readonly #idleSeconds = this.#shared.config.sessionIdleSeconds;
  readonly #clock = new SessionClock(this.ctx.storage, this.#idleSeconds * 1000);

  override async init(): Promise<void> {
    const { contexts } = this.#shared;
    const { identity } = this.props ?? {};
    if (!identity) throw new Error("The session was opened without an identity.");
    this.register(this.server, contexts.toolsFor(identity), (request) =>
      contexts.contextFor(readCall(request?.headers), this.ctx),
    );
    // Registering a tool claims that the list may change.
    this.server.server.registerCapabilities(SERVER_OPTIONS.capabilities);
    await this.wakeWithin(this.#idleSeconds * 1000);
  }

  protected override propsOf({ headers }: Request): SessionProps {
    const { identity, grantId } = readCall(Object.fromEntries(headers)).caller;
    return { identity, grantId };
  }

  override getConnectionTags(_connection: Connection, { request }: ConnectionContext): string[] {
    return [tokenTag(request)];
  }

  override async onConnect(connection: Connection, context: ConnectionContext): Promise<void> {
    await this.touch();
    await super.onConnect(connection, context);
  }

  override async onClose(): Promise<void> {
    // A client of the 2024 revision cannot come back to its stream.
    if (this.getTransportType() === "sse") await this.destroy();
  }

  override async fetch(request: Request): Promise<Response> {
    const isForStream = new URL(request.url).pathname === SSE_MESSAGES;
    return isForStream ? this.#answerOnStream(request) : super.fetch(request);
  }

  /** Takes a message of HTTP+SSE: 202, or 404 where no stream is left to answer on. */
  async #answerOnStream(request: Request): Promise<Response> {
    if (!this.getWebSocket()) return new Response(null, { status: 404 });
    await this.lifecycle.start();
    await this.touch();
    const requestInfo = { headers: Object.fromEntries(request.headers) };
    const error = await this.onSSEMcpMessage(this.name, await request.json(), { requestInfo });
    if (error) throw error;
    return new Response("Accepted", { status: 202 });
  }

  /** Storage that refuses this costs no call: at worst the session is ended too early. */
  protected override async touch(): Promise<void> {
    try {
      await this.#clock.touch();
    } catch (error) {
      log("error", "session.not_kept", { error: describeError(error) });
    }
  }

  protected override async attend(): Promise<number | undefined> {
    const due = await super.attend();
    const left = await this.#left();
    if (left > 0) return Math.min(left, due ?? left);
    log("info", "session.idle");
    await this.destroy();
    return undefined;
  }

  /**
   * Milliseconds until the session has been idle for too long. A stream keeps its session alive, but
   * only as long as its token lives.
   */
  async #left(): Promise<number> {
    let isOpen = this.isAnswering;
    for (const connection of this.getConnections()) {
      if (isLive(connection)) isOpen = true;
      else connection.close(1000, "The token of this stream has ended");
    }
    return isOpen ? this.#idleSeconds * 1000 : this.#clock.left();
  }

  /** Leaves nothing behind of an object that a lookup of an ended session's id woke up. */
  async discardIfEnded(): Promise<void> {
    if (this.getWebSocket() || (await this.getInitializeRequest())) return;
    await this.destroy();
  }
}
