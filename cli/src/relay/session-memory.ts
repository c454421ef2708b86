import type { JSONRPCMessage, JSONRPCRequest } from "@modelcontextprotocol/client";

import { isRequest } from "./json-rpc.ts";

/** What makes a session what it is for the client, so that another can take its place. */
export class SessionMemory {
  /** The client's `initialize`, once the server accepted it. */
  initialize: JSONRPCRequest | undefined;
  /** The client's `notifications/initialized`. */
  initialized: JSONRPCMessage | undefined;
  /** The log level and the subscriptions that the client asked for. */
  readonly #wishes = new Map<string, JSONRPCRequest>();

  note(message: JSONRPCMessage): void {
    if (!isRequest(message)) {
      if ("method" in message && message.method === "notifications/initialized")
        this.initialized = message;
      return;
    }
    const { method, params } = message;
    if (method === "logging/setLevel") this.#wishes.set(method, message);
    if (method === "resources/subscribe") this.#wishes.set(String(params?.uri), message);
    if (method === "resources/unsubscribe") this.#wishes.delete(String(params?.uri));
  }

  /** What to ask for once more in another session. */
  wishes(): readonly JSONRPCRequest[] {
    return [...this.#wishes.values()];
  }
}
