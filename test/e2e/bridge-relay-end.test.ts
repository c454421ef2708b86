import { describe, expect, it } from "vitest";

import type { Call } from "../support/bridge/fixture-server.ts";
import { sessionServer } from "../support/bridge/fixture-sessions.ts";
import { echo, setting } from "../support/bridge/fixture-setting.ts";
import { A_SECOND_HERE } from "../support/bridge/start-bridge.ts";

const { serve, bridgeTo } = setting();

describe("mcp-bridge run, at its end", () => {
  it.for(["stdin", "SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "deletes the session and exits with 0 within a second after %s, with a stream open",
    async (cause) => {
      const rules = sessionServer(echo);
      const server = await serve(rules.handle);
      const bridge = bridgeTo(server.url);
      await bridge.initialize();
      await server.arrived(({ method }) => method === "GET");

      const { code, took } = await bridge.ended(() => {
        if (cause === "stdin") bridge.process.stdin.end();
        else bridge.process.kill(cause);
      });

      expect(code).toBe(0);
      expect(took).toBeLessThan(A_SECOND_HERE);
      expect(rules.sessions.size).toBe(0);
    },
  );

  it("exits within a second when the server answers neither a call nor the goodbye", async () => {
    const rules = sessionServer(() => undefined);
    const server = await serve((call: Call) =>
      call.method === "DELETE" ? undefined : rules.handle(call),
    );
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    bridge.send({ id: 1, method: "hangs" });
    await server.arrived(({ message }) => message?.method === "hangs");

    const { code, took } = await bridge.ended(() => bridge.process.stdin.end());

    expect(code).toBe(0);
    expect(took).toBeLessThan(A_SECOND_HERE);
    expect(server.seen.at(-1)!.method).toBe("DELETE");
  });

  it("ends and deletes the session when nobody reads stdout any more", async () => {
    const rules = sessionServer(echo);
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    await server.arrived(({ method }) => method === "GET");

    const { code } = await bridge.ended(() => {
      bridge.process.stdout!.destroy();
      bridge.send({ id: 1, method: "x" });
    });

    expect(code).toBe(0);
    expect(rules.sessions.size).toBe(0);
  });

  it.for(["auto", "http"])(
    "answers what a short script asked, all of it at once, before it ends (%s)",
    async (transport) => {
      const server = await serve(sessionServer(echo).handle);
      const bridge = bridgeTo(server.url, ["--transport", transport]);

      const clientInfo = { name: "script", version: "1" };
      const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo };
      bridge.send({ id: 1, method: "initialize", params });
      bridge.send({ method: "notifications/initialized" });
      bridge.send({ id: 2, method: "tools/list" });
      const { code } = await bridge.ended(() => bridge.process.stdin.end());

      expect(code).toBe(0);
      expect(bridge.lines.map((line) => JSON.parse(line))).toMatchObject([
        { id: 1, result: {} },
        { id: 2, result: {} },
      ]);
      for (const { headers } of server.seen.slice(1))
        expect(headers["mcp-session-id"]).toMatch(/./);
    },
  );

  it("exits with 1 when the server was never heard of", async () => {
    const server = await serve((call) => call.status(403, "no"));
    const bridge = bridgeTo(server.url);
    const { error } = await bridge.initialize();
    const { code } = await bridge.ended(() => bridge.process.stdin.end());

    expect(error!.message).toMatch(/HTTP 403/);
    expect(code).toBe(1);
  });
});
