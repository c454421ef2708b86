import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { firstEventId, KEPT_MS, SessionEvents } from "../../../src/mcp/session-events.ts";
import { storageOf } from "./object-storage.ts";

const message = (id: number) => ({ jsonrpc: "2.0" as const, id, result: {} });

let stored: Map<string, unknown>;
let replayed: string[];
let events: SessionEvents;
beforeEach(() => {
  vi.useFakeTimers();
  stored = new Map();
  replayed = [];
  events = new SessionEvents(storageOf(stored), {
    isWaiting: async (streamId) => streamId === "waiting",
    onReplayed: async (streamId) => void replayed.push(streamId),
  });
});
afterEach(() => void vi.useRealTimers());

async function replay(lastEventId: string): Promise<unknown[]> {
  const sent: unknown[] = [];
  await events.replayEventsAfter(lastEventId, {
    send: async (_id, event) => void sent.push(event),
  });
  return sent;
}

describe("the events of a session", () => {
  it("are sent again in their order, and only once", async () => {
    await events.storeEvent("a", message(1));
    await events.storeEvent("b", message(2));
    await events.storeEvent("a", message(3));

    expect(await replay(firstEventId("a"))).toEqual([message(1), message(3)]);
    expect(await replay(firstEventId("a"))).toEqual([]);
    expect(await replay(firstEventId("b"))).toEqual([message(2)]);
    expect(replayed).toEqual(["a", "a", "b"]);
  });

  it("begin after the last one that the client saw", async () => {
    const seen = await events.storeEvent("a", message(1));
    await events.storeEvent("a", message(2));

    expect(await replay(seen)).toEqual([message(2)]);
  });

  it("go on in order after the object restarted", async () => {
    const seen = await events.storeEvent("a", message(1));
    vi.advanceTimersByTime(1);
    events = new SessionEvents(storageOf(stored), {
      isWaiting: async () => false,
      onReplayed: async () => {},
    });
    await events.storeEvent("a", message(2));

    expect(await replay(seen)).toEqual([message(2)]);
  });

  it("are kept for five minutes and then swept away, each in its time", async () => {
    await events.storeEvent("a", message(1));
    vi.advanceTimersByTime(60_000);
    await events.storeEvent("a", message(2));
    vi.advanceTimersByTime(KEPT_MS - 60_001);
    expect(await events.sweep()).toBe(1);
    expect(stored.size).toBe(2);
    vi.advanceTimersByTime(1);

    expect(await events.sweep()).toBe(60);
    expect(stored.size).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(await events.sweep()).toBeUndefined();
    expect(stored.size).toBe(0);
  });

  it("are not sent after five minutes, swept or not", async () => {
    await events.storeEvent("a", message(1));
    vi.advanceTimersByTime(KEPT_MS);

    expect(await replay(firstEventId("a"))).toEqual([]);
  });

  it("are sent even when storage refuses them", async () => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => {});
    events = new SessionEvents(
      { put: () => Promise.reject(new RangeError("too large")) },
      { isWaiting: async () => false, onReplayed: async () => {} },
    );

    expect(await events.storeEvent("a", message(1))).toMatch(/^a:[0-9a-f]{14}$/);
    expect(log).toHaveBeenCalledOnce();
  });

  it("name their stream while it is waiting, holds something, or is the one for listening", async () => {
    await events.storeEvent("kept", message(1));

    const named = ["waiting", "kept", "_GET_stream", "gone"].map((stream) =>
      events.getStreamIdForEventId(firstEventId(stream)),
    );

    expect(await Promise.all(named)).toEqual(["waiting", "kept", "_GET_stream", undefined]);
    expect(await events.getStreamIdForEventId("no id of ours")).toBeUndefined();
  });
});
