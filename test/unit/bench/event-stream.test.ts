import { Readable } from "node:stream";

import { describe, expect, it } from "vitest";

import { eventsOf, type ServerEvent } from "../../../bench/lanes/event-stream.ts";

describe("the events of a stream", () => {
  it("come whole, however the bytes arrive, and without the comments between them", async () => {
    const parts = [
      "event: endpoint\ndata: /sse/mes",
      "sage\n\n: still here\n\nevent: message\n",
      "data: {}\n\n",
    ];

    const events: ServerEvent[] = [];
    for await (const event of eventsOf(Readable.from(parts))) events.push(event);

    expect(events).toEqual([
      { event: "endpoint", data: "/sse/message" },
      { event: "message", data: "{}" },
    ]);
  });
});
