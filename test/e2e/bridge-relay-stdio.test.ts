import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import { sessionServer } from "../support/bridge/fixture-sessions.ts";
import { echo, setting } from "../support/bridge/fixture-setting.ts";

const { serve, bridgeTo } = setting();

/** Pieces of a pipe are joined unless the reader had time to take the first. */
const apart = () => sleep(50);

const TEN_MEGABYTES = 10 * 1024 * 1024;

describe("mcp-bridge run, on stdin and stdout", () => {
  it("reads a character that two pieces share, and two messages in one piece", async () => {
    const server = await serve(sessionServer(echo).handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    const line = (id: number) =>
      `{"jsonrpc":"2.0","id":${id},"method":"x","params":{"text":"€😀"}}\n`;
    const bytes = Buffer.from(line(1) + line(2));
    const cut = bytes.indexOf(Buffer.from("€")) + 1;
    bridge.write(bytes.subarray(0, cut));
    await apart();
    bridge.write(bytes.subarray(cut));

    for (const id of [1, 2]) {
      const answer = await bridge.next((message) => message.id === id);
      expect(answer.result.echoed.text).toBe("€😀");
    }
  });

  it("passes a message of 10 MB in both directions", async () => {
    const server = await serve(sessionServer(echo).handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    const text = "ä".repeat(TEN_MEGABYTES / 2);
    const { result } = await bridge.ask("x", { text });

    expect(result.echoed.text === text).toBe(true);
  });

  it("passes a message of 10 MB that comes as an event of a stream", async () => {
    const text = "x".repeat(TEN_MEGABYTES);
    const rules = sessionServer((call) => {
      call.stream();
      call.event({ jsonrpc: "2.0", id: call.message!.id, result: { text } });
      call.response.end();
    });
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    const { result } = await bridge.ask("x");

    expect(result.text === text).toBe(true);
  });

  it.for([
    ["no JSON", "{nonsense", -32_700, null],
    ["no message", '{"id":3}', -32_600, 3],
    ["of another protocol", '{"jsonrpc":"1.0","id":"a","method":"x"}', -32_600, "a"],
    ["an empty batch", "[]", -32_600, null],
    ["a message with an id that is none", '{"jsonrpc":"2.0","id":{},"method":"x"}', -32_600, null],
  ] as const)("answers with an error and goes on when a line is %s", async ([, line, code, id]) => {
    const server = await serve(sessionServer(echo).handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    bridge.write(`${line}\n`);
    const refusal = await bridge.next(({ error }) => error !== undefined);

    expect(refusal).toMatchObject({ jsonrpc: "2.0", id, error: { code } });
    expect(await bridge.ask("x", { still: "there" })).toMatchObject({
      result: { echoed: { still: "there" } },
    });
  });

  it("skips a line of more than 64 MiB, says so and goes on", async () => {
    const server = await serve(sessionServer(echo).handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize();

    bridge.write(Buffer.alloc(64 * 1024 * 1024 + 1, "x"));
    bridge.write("\n");
    const refusal = await bridge.next(({ error }) => error !== undefined);

    expect(refusal).toMatchObject({
      id: null,
      error: { message: expect.stringContaining("64 MiB") },
    });
    expect(await bridge.ask("x")).toMatchObject({ result: { echoed: {} } });
  });

  it("carries each message of a batch, as MCP 2025-03-26 has them", async () => {
    const server = await serve(sessionServer(echo).handle);
    const bridge = bridgeTo(server.url);
    await bridge.initialize({ protocolVersion: "2025-03-26" });

    const requests = [1, 2].map((id) => ({ jsonrpc: "2.0", id, method: "x", params: { id } }));
    bridge.write(`${JSON.stringify(requests)}\r\n\n`);

    for (const id of [1, 2])
      expect(await bridge.next((message) => message.id === id)).toMatchObject({
        result: { echoed: { id } },
      });
  });

  it("writes nothing but messages to stdout, whatever is told at every level", async () => {
    const rules = sessionServer((call) => call.status(500, "no\nJSON"));
    const server = await serve(rules.handle);
    const bridge = bridgeTo(server.url, ["--log-level", "debug", "--log-format", "json"]);
    await bridge.initialize();
    await bridge.ask("x");
    bridge.write("nonsense\n");
    await bridge.next(({ id }) => id === null);
    await bridge.ended(() => bridge.process.stdin.end());

    for (const line of bridge.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
    const told = bridge.stderr().trim().split("\n");
    expect(told.length).toBeGreaterThan(2);
    for (const line of told) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
  });
});
