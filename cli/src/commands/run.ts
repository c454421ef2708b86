import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { authorizedFetch } from "../http/authorized-fetch.ts";
import { networkFetch } from "../http/network.ts";
import { patientFetch } from "../http/patient-fetch.ts";
import { withHeaders } from "../http/with-headers.ts";
import type { ConnectionOptions } from "../options.ts";
import { log } from "../output/log.ts";
import { Relay } from "../relay/relay.ts";
import { readLines } from "../stdio/line-reader.ts";
import { claimStdout, type MessageWriter } from "../stdio/message-writer.ts";
import { parseLine } from "../stdio/parse-line.ts";
import { targetUrl } from "../target.ts";
import { sourceOf } from "../tokens/source-of.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What is left of a second, in milliseconds, when stdin has ended: for answers, then for goodbye. */
const LAST_ANSWERS = 400;
const GOODBYE = 250;

function takeLines(relay: Relay, writer: MessageWriter, end: () => void): void {
  readLines(process.stdin, {
    line(text) {
      for (const parsed of parseLine(text)) {
        if ("message" in parsed) relay.accept(parsed.message);
        else {
          const { id, ...error } = parsed.malformed;
          log("warn", error.message);
          writer.write(id === null ? { jsonrpc: "2.0", id, error } : { jsonrpc: "2.0", id, error });
        }
      }
    },
    tooLong() {
      const message = "The line is longer than 64 MiB and was skipped.";
      log("warn", message);
      writer.write({ jsonrpc: "2.0", id: null, error: { code: -32600, message } });
    },
    end,
  });
}

/** Relays stdin and stdout to a server until stdin ends, a signal comes or nobody reads stdout. */
export async function run(options: ConnectionOptions): Promise<number> {
  const url = targetUrl(options.url, options);
  const over = new AbortController();
  const end = (reason: string) => over.abort(reason);
  const writer = claimStdout(() => end("stdout"));
  // Not `once`: the lock's library ends the process at once when no other listener is left.
  for (const signal of SIGNALS) process.on(signal, end);

  const network = await networkFetch(options);
  const source = await sourceOf(options, url, network);
  const fetch = authorizedFetch(source, patientFetch(withHeaders(network, options.header)));
  const relay = new Relay({ url, fetch, transport: options.transport, writer });
  takeLines(relay, writer, () => end("stdin"));

  if (!over.signal.aborted) await once(over.signal, "abort");
  log("debug", "The bridge ends.", { reason: String(over.signal.reason) });
  if (over.signal.reason === "stdin")
    await Promise.race([relay.idle(), sleep(LAST_ANSWERS, undefined, { ref: false })]);
  await Promise.race([relay.close(), sleep(GOODBYE, undefined, { ref: false })]);
  process.stdin.destroy();
  // Sockets that wait for the server must not keep the process.
  setTimeout(() => process.exit(), 50).unref();
  return relay.neverWorked ? 1 : 0;
}
