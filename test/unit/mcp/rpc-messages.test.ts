import { describe, expect, it } from "vitest";

import { mayBatch, rpcMessages } from "../../../src/mcp/rpc-messages.ts";

const ping = (id: string | number) => ({ jsonrpc: "2.0", id, method: "ping" });

describe("a body", () => {
  it("holds one message", () => {
    expect(rpcMessages(ping(1), false)).toEqual({ messages: [ping(1)] });
  });

  it("holds several where batches are taken", () => {
    expect(rpcMessages([ping(1), ping("1")], true)).toEqual({ messages: [ping(1), ping("1")] });
  });

  it.each<[string, unknown, boolean]>([
    ["a batch where none is taken", [ping(1)], false],
    ["an empty batch", [], true],
    ["21 messages", Array.from({ length: 21 }, (_, id) => ping(id)), true],
    ["one id twice", [ping(1), ping(1)], true],
    ["an id of 129 characters", ping("x".repeat(129)), false],
    [
      "an error with an id of 129 characters",
      { jsonrpc: "2.0", id: "x".repeat(129), error: { code: 1, message: "" } },
      false,
    ],
    ["no message", { jsonrpc: "2.0" }, false],
    ["undefined", undefined, false],
  ])("is refused, with what to send, when it holds %s", (_what, body, isBatchAllowed) => {
    expect(rpcMessages(body, isBatchAllowed)).toEqual({
      fault: expect.stringMatching(/^(Send|Give) /),
    });
  });

  it("may answer a request of the server with the id of its own", () => {
    const result = { jsonrpc: "2.0", id: 1, result: {} };

    expect(rpcMessages([result, ping(1)], true)).toEqual({ messages: [result, ping(1)] });
  });
});

describe("batches", () => {
  it.each<[Record<string, string>, boolean]>([
    [{ "mcp-session-id": "x" }, true],
    [{ "mcp-session-id": "x", "mcp-protocol-version": "2025-03-26" }, true],
    [{ "mcp-session-id": "x", "mcp-protocol-version": "2025-06-18" }, false],
    [{ "mcp-session-id": "x", "mcp-protocol-version": "" }, false],
    [{ "mcp-protocol-version": "2025-03-26" }, false],
    [{}, false],
  ])("with the headers %j: %s", (headers, isTaken) => {
    expect(mayBatch(new Request("http://localhost/", { headers }))).toBe(isTaken);
  });
});
