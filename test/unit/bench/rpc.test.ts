import { describe, expect, it } from "vitest";

import { messageIn } from "../../../bench/lanes/rpc.ts";

const EVENT_STREAM = { "content-type": "text/event-stream" };
const MESSAGE = { jsonrpc: "2.0", id: 1, result: {} };

describe("the message in an answer", () => {
  it("is found behind an event that names the stream and says nothing", () => {
    const body = `id: a\nretry: 1000\ndata: \n\nid: b\ndata: ${JSON.stringify(MESSAGE)}\n\n`;

    expect(messageIn({ status: 200, headers: EVENT_STREAM, body })).toEqual(MESSAGE);
  });

  it("is missed, in words, when the stream holds none", () => {
    const answer = { status: 200, headers: EVENT_STREAM, body: "data: \n\n" };

    expect(() => messageIn(answer)).toThrow("without a message");
  });
});
