import { afterEach } from "vitest";

import { type FixtureServer, type Handler, startFixture } from "./fixture-server.ts";
import { type Bridge, endBridge, startBridge } from "./start-bridge.ts";

/** Servers and bridges for the tests of a file, ended after each. */
export function setting() {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });
  return {
    async serve(...made: Parameters<typeof startFixture>): Promise<FixtureServer> {
      const server = await startFixture(...made);
      cleanups.push(server.close);
      return server;
    },
    bridgeTo(...made: Parameters<typeof startBridge>): Bridge {
      const bridge = startBridge(...made);
      cleanups.push(() => endBridge(bridge));
      return bridge;
    },
    atEnd: (cleanup: () => Promise<void>) => void cleanups.push(cleanup),
  };
}

/** Answers every request with what it was given. */
export const echo: Handler = (call) =>
  call.message?.id === undefined ? call.status(202) : call.result({ echoed: call.message.params });
