import { describe, expect, it } from "vitest";

import type { Call, Handler } from "../support/bridge/fixture-server.ts";
import { type SessionServer, sessionServer } from "../support/bridge/fixture-sessions.ts";
import { echo, setting } from "../support/bridge/fixture-setting.ts";
import { sseServer } from "../support/bridge/fixture-sse.ts";

const { serve, bridgeTo } = setting();

const isStanding = ({ method, headers }: { method: string; headers: Record<string, unknown> }) =>
  method === "GET" && headers["last-event-id"] === undefined;

/** A call's stream begins, and its first event has an id if one is given. */
function begin(call: Call, id?: string): void {
  call.stream();
  const params = { progressToken: 1, progress: 1 };
  const progress = { jsonrpc: "2.0", method: "notifications/progress", params };
  call.event(progress, id === undefined ? {} : { id });
}

describe("a lost session", () => {
  it.for([404, 400])(
    "is opened again, once for all requests, when the server answers %i; each is carried out once",
    async (unknown) => {
      const rules = sessionServer(echo, { unknown });
      const server = await serve(rules.handle);
      const bridge = bridgeTo(server.url);
      await bridge.initialize({ capabilities: { roots: {} } });
      const [first] = rules.sessions;
      rules.forget();

      const texts = ["a", "b", "c"];
      const answers = await Promise.all(texts.map((text) => bridge.ask("x", { text })));

      expect(answers.map(({ result }) => result.echoed.text)).toEqual(texts);
      expect(server.count("initialize")).toBe(2);
      expect(server.count("notifications/initialized")).toBe(2);
      expect(rules.sessions.size).toBe(1);
      expect(rules.sessions).not.toContain(first);
      const [once, again] = server.seen.filter(({ message }) => message?.method === "initialize");
      expect(again!.message!.params).toEqual(once!.message!.params);
      // The client got one answer to its own, and none to the bridge's.
      expect(bridge.lines.filter((line) => line.includes("serverInfo"))).toHaveLength(1);
    },
  );

  it("has its log level and its subscriptions again", async () => {
    const rules = sessionServer(echo);
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    await bridge.ask("logging/setLevel", { level: "debug" });
    await bridge.ask("resources/subscribe", { uri: "file:///kept" });
    await bridge.ask("resources/subscribe", { uri: "file:///left" });
    await bridge.ask("resources/unsubscribe", { uri: "file:///left" });
    const before = server.seen.length;
    rules.forget();

    await bridge.ask("x");

    const asked = server.seen.slice(before).map(({ message }) => message);
    expect(asked).toContainEqual(expect.objectContaining({ params: { level: "debug" } }));
    expect(asked).toContainEqual(expect.objectContaining({ params: { uri: "file:///kept" } }));
    expect(asked).not.toContainEqual(expect.objectContaining({ params: { uri: "file:///left" } }));
  });

  it("is given up with an error when the new one is unknown too", async () => {
    const rules = sessionServer(echo);
    const server = await serve((call) =>
      call.message?.method === "x" ? call.status(404) : rules.handle(call),
    );
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    const { error } = await bridge.ask("x");

    expect(error!.message).toMatch(/does not know the session/);
    expect(server.count("x")).toBe(2);
    expect(server.count("initialize")).toBe(2);
  });

  it("is answered for with what hinders a new one when the server opens none", async () => {
    const rules = sessionServer(echo);
    const server = await serve((call) =>
      server.count("initialize") > 1 && call.message?.method === "initialize"
        ? call.status(503)
        : rules.handle(call),
    );
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    rules.forget();

    const { error } = await bridge.ask("x");

    expect(error!.message).toMatch(/HTTP 503/);
  });

  it("comes back by itself after a restart, so that the server's own requests reach the client", async () => {
    let rules = sessionServer(echo);
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    await server.arrived(isStanding);
    await server.close();

    rules = sessionServer(echo);
    const again = await serve((call) => rules.handle(call), { port: server.port });
    await expect.poll(() => rules.standing.size).toBe(1);
    const [standing] = rules.standing.values();
    standing!.event({ jsonrpc: "2.0", id: "r", method: "roots/list" });

    expect(await bridge.next(({ method }) => method === "roots/list")).toMatchObject({ id: "r" });
    expect(again.count("initialize")).toBe(1);
    expect(rules.sessions.size).toBe(1);
  });
});

describe("a server out of reach", () => {
  it("is waited for: requests that found nobody are sent when it is back", async () => {
    const rules = sessionServer(echo, { standing: false });
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    await server.close();

    const asked = bridge.ask("x", { text: "late" });
    await expect.poll(() => bridge.stderr()).toContain("cannot be reached");
    const again = await serve(rules.handle, { port: server.port });

    expect(await asked).toMatchObject({ result: { echoed: { text: "late" } } });
    expect(again.count("x")).toBe(1);
  });

  it("is waited for from the start", async () => {
    const rules = sessionServer(echo);
    const gone = await serve(rules.handle);
    await gone.close();
    const bridge = bridgeTo(gone.url);

    const opened = bridge.initialize();
    await expect.poll(() => bridge.stderr()).toContain("cannot be reached");
    await serve(rules.handle, { port: gone.port });

    expect((await opened).result.serverInfo.name).toBe("fixture");
  });
});

describe("a request whose stream breaks", () => {
  const callTo = async (answer: Handler, standing = true) => {
    const rules: SessionServer = sessionServer(answer, { standing });
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    return { rules, server, bridge };
  };

  it("is resumed from its last event, and never sent again, when its events have ids", async () => {
    const { server, bridge } = await callTo((call) => {
      if (call.method === "POST") {
        begin(call, "e-1");
        setImmediate(call.reset);
        return;
      }
      call.stream();
      const id = server.seen.find(({ message }) => message?.method === "tools/call")!.message!.id;
      call.event({ jsonrpc: "2.0", id, result: { resumed: true } }, { id: "e-2" });
      call.response.end();
    });

    const answer = await bridge.ask("tools/call", { name: "x" });

    expect(answer.result).toEqual({ resumed: true });
    expect(server.count("tools/call")).toBe(1);
    const resumed = server.seen.find(({ headers }) => headers["last-event-id"]);
    expect(resumed!.headers["last-event-id"]).toBe("e-1");
  });

  it("is resumed from the same event when a resumed stream brought nothing", async () => {
    let times = 0;
    const { server, bridge } = await callTo((call) => {
      if (call.method === "POST") {
        begin(call, "e-1");
        setImmediate(call.reset);
        return;
      }
      call.stream();
      times++;
      const { message } = server.seen.find(({ message }) => message?.method === "tools/call")!;
      if (times > 1) call.event({ jsonrpc: "2.0", id: message!.id, result: { times } });
      call.response.end();
    });

    const answer = await bridge.ask("tools/call", { name: "x" });

    expect(answer.result).toEqual({ times: 2 });
    const froms = server.seen.flatMap(({ headers }) => headers["last-event-id"] ?? []);
    expect(froms).toEqual(["e-1", "e-1"]);
  });

  it("waits as long as the server says before it is resumed", async () => {
    let closed = 0;
    let resumed = 0;
    const { server, bridge } = await callTo((call) => {
      const { message } = server.seen.find(({ message }) => message?.method === "tools/call")!;
      if (call.method === "POST") {
        call.stream();
        call.event("", { id: "e-1", retry: 600 });
        call.response.end();
        closed = performance.now();
        return;
      }
      resumed = performance.now();
      call.stream();
      call.event({ jsonrpc: "2.0", id: message!.id, result: {} });
      call.response.end();
    });

    await bridge.ask("tools/call", { name: "x" });

    expect(resumed - closed).toBeGreaterThan(550);
  });

  it.for([
    [
      "a reset, without ids",
      (call: Call) => {
        begin(call);
        setImmediate(call.reset);
      },
    ],
    [
      "an end, without ids",
      (call: Call) => {
        begin(call);
        call.response.end();
      },
    ],
    ["a reset before any answer", (call: Call) => call.reset()],
    [
      "a reset within JSON",
      (call: Call) => {
        call.response.writeHead(200, { "content-type": "application/json", "content-length": 100 });
        call.response.write('{"jsonrpc":');
        setImmediate(call.reset);
      },
    ],
    [
      "a resumption that is refused",
      (call: Call) => {
        if (call.method === "GET") return call.status(400);
        begin(call, "e-1");
        setImmediate(call.reset);
      },
    ],
  ] as const)("is answered with an error and never sent again after %s", async ([, answer]) => {
    const { server, bridge } = await callTo(answer);

    const { error } = await bridge.ask("tools/call", { name: "x" });

    expect(error!.message).toMatch(/may have been carried out/);
    expect(server.count("tools/call")).toBe(1);
  });

  it("is answered with an error when the session is lost meanwhile, and the session comes back", async () => {
    const { rules, server, bridge } = await callTo((call) => {
      if (call.message?.method !== "tools/call") return call.result({});
      begin(call, "e-1");
      rules.forget();
      setImmediate(call.reset);
    });

    const { error } = await bridge.ask("tools/call", { name: "x" });

    expect(error!.message).toMatch(/may have been carried out/);
    expect(server.count("tools/call")).toBe(1);
    expect(await bridge.ask("x")).toMatchObject({ result: {} });
    expect(rules.sessions.size).toBe(1);
  });
});

describe("a session of MCP 2024-11-05", () => {
  const openSse = async () => {
    const rules = sseServer(({ message }) => (message!.method === "hangs" ? undefined : {}));
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    await bridge.ask("x");
    return { rules, server, bridge };
  };

  it("is opened again by itself when its stream breaks; what was asked is answered with an error", async () => {
    const { rules, server, bridge } = await openSse();
    const asked = bridge.ask("hangs");
    await server.arrived(({ message }) => message?.method === "hangs");
    const [first] = rules.streams.values();
    first!.reset();

    expect((await asked).error!.message).toMatch(/may have been carried out/);
    await expect.poll(() => server.count("notifications/initialized")).toBe(2);
    expect(await bridge.ask("x")).toMatchObject({ result: {} });
    expect(server.count("hangs")).toBe(1);
    expect(rules.streams.size).toBe(1);
  });

  it("is opened again when the server does not know it any more", async () => {
    const { rules, server, bridge } = await openSse();
    rules.forget();

    expect(await bridge.ask("x")).toMatchObject({ result: {} });
    expect(server.count("initialize")).toBe(3);
  });
});

describe("the standing stream", () => {
  it("is opened again whenever it ends", async () => {
    const rules = sessionServer(echo);
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    for (const id of [1, 2, 3]) {
      await expect.poll(() => rules.standing.size).toBe(1);
      const [[session, call]] = [...rules.standing] as [[string, Call]];
      call.event({ jsonrpc: "2.0", id, method: "ping" });
      await bridge.next((message) => message.id === id && message.method === "ping");
      (rules.standing as Map<string, Call>).delete(session);
      if (id === 2) call.reset();
      else call.response.end();
    }
    expect(server.count("initialize")).toBe(1);
  });

  it("is tried again when the server is too busy for it at first", async () => {
    let refusals = 0;
    const rules = sessionServer(echo);
    const server = await serve((call) =>
      call.method === "GET" && refusals++ < 2 ? call.status(503) : rules.handle(call),
    );
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    await expect.poll(() => rules.standing.size).toBe(1);
  });

  it.for([405, 404])(
    "is asked for once only when the server says %i: it has none",
    async (status) => {
      const rules = sessionServer(echo);
      const server = await serve((call) =>
        call.method === "GET" ? call.status(status) : rules.handle(call),
      );
      const bridge = bridgeTo(server.url);
      await bridge.initialize();
      await server.arrived(isStanding);
      await bridge.ask("x");
      await bridge.ended(() => bridge.process.stdin.end());

      expect(server.seen.filter(isStanding)).toHaveLength(1);
      expect(server.count("initialize")).toBe(1);
    },
  );
});
