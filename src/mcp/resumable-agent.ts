import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Connection, ConnectionContext } from "agents";
import { McpAgent } from "agents/mcp";

import { describeError, log } from "../log.ts";
import { KEPT_MS, LISTENING_STREAM, SessionEvents, streamOf } from "./session-events.ts";

const CALL_LOST =
  "The server restarted during this call, which may have taken effect. Call again if that is safe.";

/** What is kept for a client that comes back must not cost the one that is here its answer. */
async function orNot(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    log("error", "session.not_kept", { error: describeError(error) });
  }
}

/** `McpAgent`, with streams that a client can come back to, and that end when nothing more will come. */
export abstract class ResumableAgent<Props extends Record<string, unknown>> extends McpAgent<
  Env,
  unknown,
  Props
> {
  abstract override server: McpServer;

  readonly #events = new SessionEvents(this.ctx.storage, {
    isWaiting: async (streamId) => (await this.getStreamRequestIds(streamId)) !== undefined,
    onReplayed: (streamId) => this.#closeIfDone(streamId),
  });
  /** Streams whose calls run in this instance, and not in one that has gone. */
  readonly #running = new Set<string>();
  #sweeps = false;
  #isEnding = false;

  override async onConnect(connection: Connection, context: ConnectionContext): Promise<void> {
    const lastEventId = context.request.headers.get("last-event-id");
    if (lastEventId !== null) await this.#answerLostCalls(streamOf(lastEventId) ?? "");
    await super.onConnect(connection, context);
  }

  /** The library would print an error as it is; what it says is not always ours. */
  override onError(...thrown: unknown[]): never {
    const error = thrown.at(-1);
    log("error", "session.crashed", { error: describeError(error) });
    throw error;
  }

  override getEventStore(): SessionEvents {
    return this.#events;
  }

  override async setStreamRequestIds(streamId: string, requestIds: RequestId[]): Promise<void> {
    this.#running.add(streamId);
    await orNot(super.setStreamRequestIds(streamId, requestIds));
    if (this.#sweeps) return;
    this.#sweeps = true;
    await orNot(this.wakeWithin(KEPT_MS));
  }

  override async deleteStreamRequestIds(streamId: string): Promise<void> {
    this.#running.delete(streamId);
    await orNot(super.deleteStreamRequestIds(streamId));
    await this.#closeIfDone(streamId);
  }

  /** Has {@link attend} called by then, in milliseconds from now. */
  protected async wakeWithin(milliseconds: number): Promise<void> {
    const { storage } = this.ctx;
    const wakesAt = await storage.getAlarm();
    const at = Date.now() + milliseconds;
    if (wakesAt === null || wakesAt > at) await storage.setAlarm(at);
  }

  /** Looks after what the session keeps. Returns the milliseconds until that is due again, if ever. */
  protected async attend(): Promise<number | undefined> {
    const seconds = await this.#events.sweep();
    this.#sweeps = seconds !== undefined;
    return seconds && seconds * 1000;
  }

  /**
   * The library knows of no alarm but that of its schedules, and takes back any other when it is
   * over. A schedule costs a session more to open, and more memory, than its server and its tools.
   */
  override async alarm(): Promise<void> {
    await super.alarm();
    if (this.#isEnding) return;
    const due = await this.attend();
    if (due !== undefined) await this.wakeWithin(due);
  }

  override async destroy(): Promise<void> {
    this.#isEnding = true;
    await super.destroy();
  }

  /** Whoever resumed a stream that has its last answer need not wait for more. */
  async #closeIfDone(streamId: string): Promise<void> {
    if (streamId === LISTENING_STREAM || (await this.getStreamRequestIds(streamId))) return;
    for (const connection of this.getConnections<{ streamId?: string }>()) {
      if (connection.state?.streamId === streamId) connection.close(1000, "Answered");
    }
  }

  /** Ends the wait for calls that were under way in an instance that has gone. */
  async #answerLostCalls(streamId: string): Promise<void> {
    if (this.#running.has(streamId)) return;
    const { transport } = this.server.server;
    for (const id of (await this.getStreamRequestIds(streamId)) ?? []) {
      await transport?.send({ jsonrpc: "2.0", id, error: { code: -32_603, message: CALL_LOST } });
    }
  }
}
