import { setTimeout as wait } from "node:timers/promises";

import { describe, expect, it } from "vitest";

import type { Lane } from "../../../bench/lanes/lane.ts";
import { openLoop } from "../../load/open-loop.ts";

const SIGNAL = new AbortController().signal;

function lane(exchange: () => Promise<void>): Lane {
  return async () => ({ exchange, close() {} });
}

describe("an open loop", () => {
  it("asks as often as it is told, and reports every answer", async () => {
    let asked = 0;
    const count = lane(async () => {
      asked += 1;
    });

    const series = await openLoop([count, count], {
      name: "two",
      rate: 100,
      seconds: 0.5,
      signal: SIGNAL,
    });

    expect(asked).toBe(50);
    expect(series).toMatchObject({ due: 50, answered: 50, dropped: 0, errors: {} });
    expect(series.achieved).toBeLessThanOrEqual(100);
  });

  it("charges a stall to everyone who would have asked meanwhile", async () => {
    let isFirst = true;
    const stall = lane(async () => {
      if (isFirst) await wait(400);
      isFirst = false;
    });

    const { latency, backlog } = await openLoop([stall], {
      name: "stall",
      rate: 100,
      seconds: 0.4,
      signal: SIGNAL,
    });

    // A closed loop would have seen one slow answer among forty, and a median of nothing.
    expect(latency?.p50).toBeGreaterThan(100);
    expect(backlog).toBeGreaterThan(20);
  });

  it("counts failures by kind, and goes on over another connection", async () => {
    let opened = 0;
    const failing: Lane = async () => {
      opened += 1;
      return {
        exchange: () => Promise.reject(new Error("Expected 200, got 500.")),
        close() {},
      };
    };

    const series = await openLoop([failing], {
      name: "failing",
      rate: 100,
      seconds: 0.05,
      signal: SIGNAL,
    });

    expect(series.errors).toEqual({ "Expected 200, got 500.": 5 });
    expect(series.answered).toBe(0);
    expect(series.latency).toBeUndefined();
    expect(opened).toBe(5);
  });

  it("ends soon when it is told to", async () => {
    const ending = new AbortController();
    const running = openLoop([lane(async () => ending.abort())], {
      name: "long",
      rate: 1,
      seconds: 1000,
      signal: ending.signal,
    });

    await expect(running).resolves.toMatchObject({ answered: 1 });
  });
});
