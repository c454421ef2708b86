import { Console } from "node:console";
import type { Writable } from "node:stream";

import type { JSONRPCMessage } from "@modelcontextprotocol/client";

import type { Unidentified } from "../relay/json-rpc.ts";

/** Writes messages to the client, one a line. */
export class MessageWriter {
  readonly #output: Pick<Writable, "write">;
  #drained: Promise<void> = Promise.resolve();
  readonly #untilDrain: () => Promise<void>;

  constructor(output: Pick<Writable, "write">, untilDrain: () => Promise<void>) {
    this.#output = output;
    this.#untilDrain = untilDrain;
  }

  write(message: JSONRPCMessage | Unidentified): void {
    if (!this.#output.write(`${JSON.stringify(message)}\n`)) this.#drained = this.#untilDrain();
  }

  /** Settles once the client has taken so much that more may be read for it. */
  ready(): Promise<void> {
    return this.#drained;
  }
}

/**
 * The only way to stdout from here on: what a library prints there would break the client's reading, so
 * all else goes to stderr. `broken` is called when nobody reads any more.
 */
export function claimStdout(broken: () => void): MessageWriter {
  const { stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  stdout.on("error", broken);
  stdout.write = stderr.write.bind(stderr);
  globalThis.console = new Console(stderr, stderr);
  const untilDrain = () =>
    new Promise<void>((resolve) => {
      stdout.once("drain", resolve);
      stdout.once("close", resolve);
    });
  return new MessageWriter({ write }, untilDrain);
}
