import { AsyncLocalStorage } from "node:async_hooks";

import type { JSONRPCMessage } from "@modelcontextprotocol/client";

import type { BridgeError } from "../bridge-error.ts";

/** One message on its way to the server, and what is known of its answer. */
export class Exchange {
  readonly message: JSONRPCMessage;
  readonly abort = new AbortController();
  /** The status of the HTTP answer to it, once there is one. */
  status: number | undefined;
  /** Whether a stream is, or was, there to bring the answer. */
  streaming = false;
  /** The last event of that stream that had an id: from there it can be resumed. */
  lastEventId: string | undefined;
  /** Resolves once it is answered, or given up. */
  readonly settled: Promise<void>;
  isSettled = false;
  #resolve: () => void = () => undefined;
  readonly #failed: (error: BridgeError) => void;

  /** `failed` hears of it when no answer will come, after the message was sent. */
  constructor(message: JSONRPCMessage, failed: (error: BridgeError) => void = () => undefined) {
    this.message = message;
    this.#failed = failed;
    this.settled = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  settle(): void {
    this.isSettled = true;
    this.#resolve();
  }

  /** Gives up: nothing more is read for it, and it is never sent again. */
  fail(error: BridgeError): void {
    this.#failed(error);
    this.drop();
  }

  /** Nobody waits for the answer any more. */
  drop(): void {
    this.settle();
    this.abort.abort();
  }
}

/**
 * Which exchange the running code serves. The SDK's transports call `fetch` without saying for which
 * message, also when they resume its stream much later.
 */
export const currentExchange = new AsyncLocalStorage<Exchange>();
