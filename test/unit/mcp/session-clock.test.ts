import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { SessionClock } from "../../../src/mcp/session-clock.ts";
import { storageOf } from "./object-storage.ts";

const HOUR = 60 * 60 * 1000;
const IDLE = 24 * HOUR;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("the clock of a session", () => {
  it("gives the whole idle time after a use", async () => {
    const clock = new SessionClock(storageOf(new Map()), IDLE);
    await clock.touch();

    expect(await clock.left()).toBe(IDLE);
    vi.advanceTimersByTime(5 * HOUR);
    expect(await clock.left()).toBe(19 * HOUR);
  });

  it("has run out for a session that nobody ever used", async () => {
    expect(await new SessionClock(storageOf(new Map()), IDLE).left()).toBeLessThanOrEqual(0);
  });

  it("writes once an hour at most", async () => {
    const stored = new Map<string, unknown>();
    const clock = new SessionClock(storageOf(stored), IDLE);
    await clock.touch();
    const first = new Map(stored);
    vi.advanceTimersByTime(HOUR - 1);
    await clock.touch();

    expect(stored).toEqual(first);
    vi.advanceTimersByTime(1);
    await clock.touch();
    expect(stored).not.toEqual(first);
  });

  it("never runs out early after its object restarted", async () => {
    const stored = new Map<string, unknown>();
    const before = new SessionClock(storageOf(stored), IDLE);
    await before.touch();
    vi.advanceTimersByTime(HOUR - 1);
    await before.touch();
    vi.advanceTimersByTime(IDLE - 1);

    const left = await new SessionClock(storageOf(stored), IDLE).left();

    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(HOUR);
  });
});
