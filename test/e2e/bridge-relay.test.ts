import { afterEach, describe, expect, it } from "vitest";

import {
  type FixtureServer,
  type Handler,
  startFixture,
} from "../support/bridge/fixture-server.ts";
import { sessionServer } from "../support/bridge/fixture-sessions.ts";
import { type Bridge, endBridge, startBridge } from "../support/bridge/start-bridge.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function fixture(handle: Handler): Promise<FixtureServer> {
  const server = await startFixture(handle);
  cleanups.push(server.close);
  return server;
}

function bridgeTo(...made: Parameters<typeof startBridge>): Bridge {
  const bridge = startBridge(...made);
  cleanups.push(() => endBridge(bridge));
  return bridge;
}

describe("mcp-bridge run", () => {
  it("carries a request to the server and its answer back, in the session that it opened", async () => {
    const rules = sessionServer((call) => call.result({ echoed: call.message!.params }));
    const server = await fixture(rules.handle);
    const bridge = bridgeTo(server.url);

    const opened = await bridge.initialize();
    const answer = await bridge.ask("made/up", { text: "ä€😀", deep: { list: [1, null] } });

    expect(opened.result.serverInfo.name).toBe("fixture");
    expect(answer.result).toEqual({ echoed: { text: "ä€😀", deep: { list: [1, null] } } });
    const [sessionId] = rules.sessions;
    expect(server.seen.at(-1)!.headers).toMatchObject({
      "mcp-session-id": sessionId,
      "mcp-protocol-version": "2025-11-25",
    });
  });
});
