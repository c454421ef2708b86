import { describe, expect, it } from "vitest";

import type { Call, Handler } from "../support/bridge/fixture-server.ts";
import { sessionServer } from "../support/bridge/fixture-sessions.ts";
import { echo, setting } from "../support/bridge/fixture-setting.ts";

const { serve, bridgeTo } = setting();

describe("mcp-bridge run", () => {
  it("carries a request to the server and its answer back, in the session that it opened", async () => {
    const rules = sessionServer(echo);
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);

    const opened = await bridge.initialize();
    const params = { text: "ä€😀", deep: { list: [1, null] } };
    const answer = await bridge.ask("made/up", params);

    expect(opened.result.serverInfo.name).toBe("fixture");
    expect(answer.result).toEqual({ echoed: params });
    const [sessionId] = rules.sessions;
    expect(server.seen.at(-1)!.headers).toMatchObject({
      "mcp-session-id": sessionId,
      "mcp-protocol-version": "2025-11-25",
    });
  });

  it("answers a request under the id that it came with, a number or a text", async () => {
    const server = await serve(sessionServer(echo).handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    const answers = await Promise.all([
      bridge.ask("number", { is: "number" }, 7),
      bridge.ask("text", { is: "text" }, "7"),
    ]);

    expect(answers.map(({ result }) => result.echoed.is)).toEqual(["number", "text"]);
  });

  it("carries the server's requests to the client and the answers back, over either stream", async () => {
    const { promise: answered, resolve } = Promise.withResolvers<unknown[]>();
    const answers: unknown[] = [];
    const rules = sessionServer((call) => {
      const { message } = call;
      if (message?.method === "tools/call") {
        call.stream();
        call.event({
          jsonrpc: "2.0",
          id: "s-1",
          method: "sampling/createMessage",
          params: { a: 1 },
        });
        const [standing] = rules.standing.values();
        standing!.event({ jsonrpc: "2.0", id: 2, method: "roots/list" });
        const finish = () => call.event({ jsonrpc: "2.0", id: message.id, result: { done: true } });
        void answered.then(finish).then(() => call.response.end());
        return;
      }
      answers.push(message);
      call.status(202);
      if (answers.length === 2) resolve(answers);
    });
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();
    await server.arrived(({ method }) => method === "GET");

    const called = bridge.ask("tools/call", { name: "ask" });
    const sampling = await bridge.next(({ method }) => method === "sampling/createMessage");
    const roots = await bridge.next(({ method }) => method === "roots/list");
    bridge.send({ id: sampling.id!, result: { role: "assistant", extra: [1] } });
    bridge.send({ id: roots.id!, error: { code: -32_601, message: "No roots", data: { why: 1 } } });

    const request = { jsonrpc: "2.0", id: "s-1", method: "sampling/createMessage" };
    expect(sampling).toEqual({ ...request, params: { a: 1 } });
    expect(roots).toEqual({ jsonrpc: "2.0", id: 2, method: "roots/list" });
    expect(await called).toMatchObject({ result: { done: true } });
    expect(await answered).toEqual(
      expect.arrayContaining([
        { jsonrpc: "2.0", id: "s-1", result: { role: "assistant", extra: [1] } },
        { jsonrpc: "2.0", id: 2, error: { code: -32_601, message: "No roots", data: { why: 1 } } },
      ]),
    );
  });

  it("passes progress on while a call runs, and tells the server of its cancellation", async () => {
    const rules = sessionServer((call) => {
      const { message } = call;
      if (message?.method !== "tools/call") return call.status(202);
      call.stream();
      const { progressToken } = message.params._meta;
      const params = { progressToken, progress: 1, message: "half" };
      call.event({ jsonrpc: "2.0", method: "notifications/progress", params });
    });
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    bridge.send({
      id: 5,
      method: "tools/call",
      params: { name: "x", _meta: { progressToken: "p" } },
    });
    const progress = await bridge.next(({ method }) => method === "notifications/progress");
    bridge.send({ method: "notifications/cancelled", params: { requestId: 5, reason: "enough" } });

    expect(progress.params).toEqual({ progressToken: "p", progress: 1, message: "half" });
    const told = await server.arrived(
      ({ message }) => message?.method === "notifications/cancelled",
    );
    expect(told.message!.params).toEqual({ requestId: 5, reason: "enough" });
  });

  it("runs requests side by side, and answers each when its answer is there", async () => {
    let slow: Call | undefined;
    const rules = sessionServer((call) => {
      if (call.message!.method === "slow") slow = call;
      else {
        call.result({});
        slow?.result({});
      }
    });
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    const slowly = bridge.ask("slow");
    await server.arrived(({ message }) => message?.method === "slow");
    await bridge.ask("quick");

    expect(await slowly).toMatchObject({ result: {} });
  });

  it("passes on the JSON-RPC error of a refusal, under the request's id", async () => {
    const error = { code: -32_601, message: "Method not found", data: { method: "x" } };
    const rules = sessionServer((call) =>
      call.status(403, JSON.stringify({ jsonrpc: "2.0", id: null, error })),
    );
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    expect(await bridge.ask("x", {}, 9)).toEqual({ jsonrpc: "2.0", id: 9, error });
  });

  it.for([
    ["500", (call: Call) => call.status(500, "oops <secret>"), /HTTP 500/],
    ["401", (call: Call) => call.status(401, "<secret>"), /HTTP 401.*--token-source/],
    ["text", (call: Call) => void call.response.end("hello"), /no JSON-RPC message/],
    ["202", (call: Call) => call.status(202), /broke off/],
    [
      "another's answer",
      (call: Call) => call.json({ jsonrpc: "2.0", id: 99, result: {} }),
      /broke off/,
    ],
    [
      "a redirect elsewhere",
      (call: Call) => {
        call.response.writeHead(307, { location: "http://127.0.0.2:9/mcp" }).end();
      },
      /points elsewhere/,
    ],
  ] as const satisfies readonly (readonly [string, Handler, RegExp])[])(
    "answers with an error that says what to do when the server answers with %s",
    async ([, answer, says]) => {
      const server = await serve(sessionServer(answer).handle);
      const bridge = bridgeTo(server.url);
      await bridge.initialize();

      const { error } = await bridge.ask("x");

      expect(error!.message).toMatch(says);
      expect(error!.message).not.toContain("secret");
      expect(server.count("x")).toBe(1);
    },
  );
});
