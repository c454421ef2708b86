import { describe, expect, it } from "vitest";

import { receiveBody } from "../../../src/limits/read-body.ts";

function posted(body: BodyInit): Request {
  // Node asks for `duplex` when a body is a stream; the types here are those of Workers.
  const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
  return new Request("http://localhost/", init);
}

/** A body in pieces; without an end it goes silent after the last one. */
function inPieces(pieces: readonly Uint8Array[], hasEnd = true): Request {
  const queue = [...pieces];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = queue.shift();
      if (piece) controller.enqueue(piece);
      else if (hasEnd) controller.close();
      else return new Promise(() => undefined);
      return undefined;
    },
  });
  return posted(stream);
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe("a body", () => {
  it("is empty text when there is none", async () => {
    expect(await receiveBody(new Request("http://localhost/"))).toEqual({ text: "" });
  });

  it("is put together from pieces that cut a character in two", async () => {
    const [first, second] = [bytes("5 €").slice(0, 4), bytes("5 €").slice(4)];

    expect(await receiveBody(inPieces([first, second]))).toEqual({ text: "5 €" });
  });

  it("loses a byte order mark", async () => {
    expect(await receiveBody(posted("\ufeff{}"))).toEqual({ text: "{}" });
  });

  it("may have as many bytes as the limit, and not one more", async () => {
    expect(await receiveBody(posted("éé"), { bytes: 4 })).toEqual({ text: "éé" });
    expect(await receiveBody(posted("éé"), { bytes: 3 })).toEqual({ fault: "too large" });
  });

  it.each([
    ["a byte that begins nothing", [Uint8Array.of(0xff)]],
    ["an encoded surrogate", [Uint8Array.of(0xed, 0xa0, 0x80)]],
    ["a character that never ends", [Uint8Array.of(0xe2, 0x82)]],
    ["a bad byte before good ones", [Uint8Array.of(0xff), bytes("good")]],
  ])("is not UTF-8 with %s", async (_what, pieces) => {
    expect(await receiveBody(inPieces(pieces))).toEqual({ fault: "not UTF-8" });
  });

  it("is too slow when it does not end in time", async () => {
    const request = inPieces([bytes("{")], false);

    expect(await receiveBody(request, { milliseconds: 20 })).toEqual({ fault: "too slow" });
  });

  it("is too large, not too slow, when what is too much does not end in time", async () => {
    const request = inPieces([bytes("12345")], false);

    const body = await receiveBody(request, { bytes: 4, milliseconds: 20 });

    expect(body).toEqual({ fault: "too large" });
  });
});
