import { randomUUID } from "node:crypto";

import type {
  FetchLike,
  JSONRPCMessage,
  JSONRPCRequest,
  JSONRPCResponse,
  JSONRPCResultResponse,
} from "@modelcontextprotocol/client";

import { BridgeError, explain } from "../bridge-error.ts";
import { BackOff } from "../http/back-off.ts";
import type { TransportName } from "../options.ts";
import { log } from "../output/log.ts";
import { type Connection, type ConnectionEvents, SessionLost } from "./connection.ts";
import { Exchange } from "./exchange.ts";
import { failureOf, rpcErrorIn } from "./http-failure.ts";
import { isRequest, isResponse, type RpcId } from "./json-rpc.ts";
import { SessionMemory } from "./session-memory.ts";
import { sseConnection } from "./sse-connection.ts";
import { streamableConnection } from "./streamable-connection.ts";

export interface SessionsSetup {
  readonly url: URL;
  readonly fetch: FetchLike;
  readonly transport: TransportName;
  readonly events: Omit<ConnectionEvents, "lost">;
}

/** Refusals after which a server may still speak the transport of 2024-11-05 (MCP, backwards compatibility). */
const OLD_SERVER = new Set([400, 404, 405]);

/** Keeps a connection to the server, and a session in it for as long as the client lives. */
export class Sessions {
  readonly #setup: SessionsSetup;
  #transport: TransportName;
  #connection: Promise<Connection> | undefined;
  #memory = new SessionMemory();
  /** The client's latest `initialize`. */
  #opening: JSONRPCRequest | undefined;
  #renewal: Promise<void> | undefined;
  /** What the bridge itself asked. */
  readonly #asked = new Map<RpcId, (answer: JSONRPCResponse) => void>();
  readonly #closed = new AbortController();

  constructor(setup: SessionsSetup) {
    this.#setup = setup;
    this.#transport = setup.transport;
  }

  /** Whether it is known which transport the server speaks. */
  get decided(): boolean {
    return this.#transport !== "auto";
  }

  /** Sends a message, once more if the session was lost before it was carried out. */
  async send(exchange: Exchange, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const { message } = exchange;
    const opens = isRequest(message) && message.method === "initialize";
    if (opens) {
      if (this.#memory.initialize) await this.#leave();
      this.#opening = message;
    }
    for (let again = false; ; again = true) {
      const connection = await this.#current();
      try {
        await connection.send(exchange, headers);
        if (this.#transport === "auto") this.#transport = "http";
        this.#memory.note(message);
        return;
      } catch (error) {
        if (!this.decided && (await this.#fallBack(exchange, error))) continue;
        if (!(error instanceof SessionLost) || opens || again) throw error;
        await this.#renew(connection);
      }
    }
  }

  /** Ends the session; what is under way stays unanswered. */
  async close(): Promise<void> {
    this.#closed.abort();
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.terminate().catch(() => undefined);
    await connection?.close();
  }

  #current(): Promise<Connection> {
    if (!this.#connection) {
      const opening = this.#open();
      this.#connection = opening;
      opening.catch(() => {
        if (this.#connection === opening) this.#connection = undefined;
      });
    }
    return this.#connection;
  }

  async #open(): Promise<Connection> {
    const { url, fetch, events } = this.#setup;
    const open = this.#transport === "sse" ? sseConnection : streamableConnection;
    const connection: Connection = await open({
      url,
      fetch,
      events: {
        ready: events.ready,
        message: (message) => this.#received(message, connection),
        lost: () => void this.#restore(connection),
      },
    });
    return connection;
  }

  #received(message: JSONRPCMessage, connection: Connection): void {
    if (isResponse(message) && message.id !== undefined) {
      const asked = this.#asked.get(message.id);
      if (asked) {
        asked(message);
        return;
      }
      if (message.id === this.#opening?.id && "result" in message) {
        this.#memory.initialize = this.#opening;
        this.#opening = undefined;
        agree(connection, message);
      }
    }
    this.#setup.events.message(message);
  }

  /** Takes the older transport, if the refusal leaves that open and the server has it. */
  async #fallBack({ status }: Exchange, error: unknown): Promise<boolean> {
    if (rpcErrorIn(error)) this.#transport = "http";
    if (this.decided || !OLD_SERVER.has(status ?? 0)) return false;
    const newer = this.#connection;
    this.#transport = "sse";
    try {
      this.#connection = this.#open();
      await this.#connection;
      log("info", "The server speaks the transport of MCP 2024-11-05.");
      return true;
    } catch {
      this.#transport = "auto";
      this.#connection = newer;
      return false;
    }
  }

  /** The client starts anew, and so does the server. */
  async #leave(): Promise<void> {
    const connection = await this.#connection?.catch(() => undefined);
    this.#memory = new SessionMemory();
    this.#connection = undefined;
    connection?.retire();
    await connection?.terminate().catch(() => undefined);
  }

  /** Opens another session in place of a lost one: one at a time, whoever asks. */
  async #renew(lost: Connection): Promise<void> {
    if ((await this.#connection) !== lost) return;
    this.#renewal ??= this.#replace(lost).finally(() => {
      this.#renewal = undefined;
    });
    await this.#renewal;
  }

  async #replace(lost: Connection): Promise<void> {
    const { initialize, initialized } = this.#memory;
    lost.retire();
    if (!initialize) {
      this.#connection = undefined;
      return;
    }
    log("info", "The session is lost; another is opened.");
    const next = await this.#open();
    try {
      const answer = await this.#ask(next, initialize);
      if (!("result" in answer)) {
        throw new BridgeError("The server opens no session in place of the one that is lost.", {
          advice: "Restart the client.",
        });
      }
      agree(next, answer);
      if (initialized) await deliver(next, new Exchange(initialized));
      for (const wish of this.#memory.wishes())
        await this.#ask(next, wish).catch((error: unknown) => log("warn", explain(error)));
    } catch (error) {
      await next.close();
      throw error;
    }
    this.#connection = Promise.resolve(next);
  }

  /** Renews a session that no request misses yet, for as long as that takes. */
  async #restore(lost: Connection): Promise<void> {
    const backOff = new BackOff();
    const { signal } = this.#closed;
    while (!signal.aborted) {
      try {
        return await this.#renew(lost);
      } catch (error) {
        log("warn", `The session cannot be opened again yet. ${explain(error)}`);
        await backOff.wait(signal).catch(() => undefined);
      }
    }
  }

  /** Sends a request of the client's for the bridge itself: under an id that the client cannot have. */
  async #ask(connection: Connection, request: JSONRPCRequest): Promise<JSONRPCResponse> {
    const id = `mcp-bridge-${randomUUID()}`;
    try {
      return await new Promise<JSONRPCResponse>((resolve, reject) => {
        this.#asked.set(id, resolve);
        deliver(connection, new Exchange({ ...request, id }, reject)).catch(reject);
      });
    } finally {
      this.#asked.delete(id);
    }
  }
}

/** Sends a message of the bridge's own. Throws `BridgeError`. */
async function deliver(connection: Connection, exchange: Exchange): Promise<void> {
  try {
    await connection.send(exchange);
  } catch (error) {
    throw failureOf(error, exchange);
  }
}

/** Speaks the revision that the server chose from here on. */
function agree(connection: Connection, { result }: JSONRPCResultResponse): void {
  const { protocolVersion } = result;
  if (typeof protocolVersion !== "string") return;
  connection.setProtocolVersion(protocolVersion);
  log("info", "A session is open.", { revision: protocolVersion });
}
