import type { FetchLike, JSONRPCMessage, JSONRPCNotification } from "@modelcontextprotocol/client";

import { explain } from "../bridge-error.ts";
import type { TransportName } from "../options.ts";
import { log } from "../output/log.ts";
import type { MessageWriter } from "../stdio/message-writer.ts";
import { Exchange } from "./exchange.ts";
import { failureOf, rpcErrorIn } from "./http-failure.ts";
import {
  errorAnswer,
  isId,
  isNotification,
  isRequest,
  isResponse,
  isStateless,
  type RpcId,
} from "./json-rpc.ts";
import { Sessions } from "./sessions.ts";
import { ToolHeaders } from "./tool-headers.ts";

export interface RelaySetup {
  readonly url: URL;
  readonly fetch: FetchLike;
  readonly transport: TransportName;
  readonly writer: MessageWriter;
}

/** Carries messages between a client on stdio and a server, and sees to it that every request is answered. */
export class Relay {
  readonly #writer: MessageWriter;
  readonly #sessions: Sessions;
  readonly #tools = new ToolHeaders();
  /** The client's requests without an answer. */
  readonly #pending = new Map<RpcId, Exchange>();
  #turn: Promise<void> = Promise.resolve();
  #heard = false;
  #failed = false;

  constructor({ writer, ...setup }: RelaySetup) {
    this.#writer = writer;
    this.#sessions = new Sessions({
      ...setup,
      events: { message: (message) => this.#received(message), ready: () => writer.ready() },
    });
  }

  /** Whether something went wrong, and the server was never heard of. */
  get neverWorked(): boolean {
    return this.#failed && !this.#heard;
  }

  /** Takes a message of the client's. */
  accept(message: JSONRPCMessage): void {
    const exchange: Exchange = new Exchange(message, (error) => this.#fail(exchange, error));
    if (isNotification(message) && message.method === "notifications/cancelled") {
      void this.#cancel(message, exchange);
      return;
    }
    if (isRequest(message)) this.#pending.set(message.id, exchange);
    this.#turn = this.#after(this.#turn, exchange);
  }

  /** Resolves once nothing waits for an answer. */
  async idle(): Promise<void> {
    await this.#turn;
    while (this.#pending.size > 0)
      await Promise.all([...this.#pending.values()].map(({ settled }) => settled));
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  /** What opens a session comes before all else, and the first message shows what the server speaks. */
  async #after(turn: Promise<void>, exchange: Exchange): Promise<void> {
    await turn;
    const { message } = exchange;
    const first = !this.#sessions.decided;
    const sent = this.#send(exchange);
    if (isRequest(message) && message.method === "initialize") await exchange.settled;
    if (first || (isNotification(message) && message.method === "notifications/initialized"))
      await sent;
  }

  async #send(exchange: Exchange): Promise<void> {
    if (exchange.abort.signal.aborted) return;
    try {
      await this.#sessions.send(exchange, this.#tools.headersFor(exchange.message));
    } catch (error) {
      if (!exchange.abort.signal.aborted) this.#refused(exchange, error);
    }
  }

  /**
   * A stateless request is cancelled by closing its stream (MCP 2026-07-28, Streamable HTTP); in a
   * session the server has to be told.
   */
  async #cancel({ params }: JSONRPCNotification, cancellation: Exchange): Promise<void> {
    const id = params?.requestId;
    const exchange = isId(id) ? this.#pending.get(id) : undefined;
    if (exchange && isRequest(exchange.message)) {
      this.#pending.delete(exchange.message.id);
      if (isStateless(exchange.message)) {
        exchange.drop();
        return;
      }
    }
    await this.#turn;
    await this.#send(cancellation);
    exchange?.drop();
  }

  #received(message: JSONRPCMessage): void {
    this.#heard = true;
    if (!isResponse(message) || message.id === undefined) {
      this.#writer.write(message);
      return;
    }
    const exchange = this.#pending.get(message.id);
    if (!exchange) {
      log("debug", "An answer that nobody waits for is dropped.", { id: message.id });
      return;
    }
    this.#pending.delete(message.id);
    const { message: request } = exchange;
    this.#writer.write(isRequest(request) ? this.#tools.learn(request, message) : message);
    exchange.settle();
  }

  /** A message could not be sent, or was refused. */
  #refused(exchange: Exchange, error: unknown): void {
    const { message } = exchange;
    const rpcError = rpcErrorIn(error);
    if (rpcError && isRequest(message) && this.#pending.has(message.id)) {
      this.#received({ jsonrpc: "2.0", id: message.id, error: rpcError });
      return;
    }
    exchange.fail(failureOf(error, exchange));
  }

  #fail({ message, status }: Exchange, error: Error): void {
    const method = "method" in message ? message.method : "an answer";
    if (!isRequest(message)) {
      log("warn", `${method} did not reach the server. ${explain(error)}`);
      return;
    }
    if (!this.#pending.delete(message.id)) return;
    this.#failed = true;
    log("warn", `${method} failed. ${explain(error)}`);
    const data = status === undefined ? undefined : { httpStatus: status };
    this.#writer.write(errorAnswer(message.id, explain(error), data));
  }
}
