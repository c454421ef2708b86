import type { FetchLike } from "@modelcontextprotocol/client";

import { log } from "../output/log.ts";
import { BackOff } from "./back-off.ts";
import { networkFailure, neverSent } from "./network-failure.ts";

/** How long a server may be out of reach before a request is given up, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Tries again, for half a minute, while no connection can be made. A request that may have been sent is
 * never sent again. Throws `BridgeError`, and what an aborted signal says.
 */
export function patientFetch(send: FetchLike): FetchLike {
  return async (url, init) => {
    const signal = init?.signal ?? undefined;
    const end = Date.now() + PATIENCE;
    const backOff = new BackOff();
    for (let attempt = 0; ; attempt++) {
      try {
        return await send(url, init);
      } catch (error) {
        signal?.throwIfAborted();
        const failure = networkFailure(error);
        if (!neverSent(error) || init?.method === "DELETE" || Date.now() > end) throw failure;
        if (attempt === 0) log("warn", `${failure.message} Trying again.`);
        await backOff.wait(signal);
      }
    }
  };
}
