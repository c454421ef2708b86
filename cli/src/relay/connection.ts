import type { FetchLike, JSONRPCMessage } from "@modelcontextprotocol/client";

import { BridgeError } from "../bridge-error.ts";
import type { Exchange } from "./exchange.ts";

/** The server does not know the session any more, so it did not carry out what was sent in it. */
export class SessionLost extends BridgeError {
  constructor() {
    super("The server does not know the session any more.", { advice: "Restart the client." });
  }
}

/** What a connection tells, and asks, of the relay. */
export interface ConnectionEvents {
  message(message: JSONRPCMessage): void;
  /** The session is lost, and no message under way will say so. Told at most once. */
  lost(): void;
  /** Settles once there is room for more messages. */
  ready(): Promise<void>;
}

export interface ConnectionSetup {
  readonly url: URL;
  readonly fetch: FetchLike;
  readonly events: ConnectionEvents;
}

/** A way to the server, with at most one session. */
export interface Connection {
  /**
   * Resolves once the server has the message, and for a request once its answer came or a stream for it
   * is open; without an answer, the exchange fails. Throws {@link SessionLost}, or what went wrong.
   */
  send(exchange: Exchange, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** The revision that both agreed upon, for the header of what follows (MCP 2025-06-18 and later). */
  setProtocolVersion(version: string): void;
  /** Another takes its place. What is under way may still be answered. */
  retire(): void;
  /** Ends the session at the server. */
  terminate(): Promise<void>;
  close(): Promise<void>;
}
