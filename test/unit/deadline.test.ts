import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { beforeDeadline, shareTimer } from "../../src/deadline.ts";
import { inRequest, newRequest } from "../../src/request-context.ts";

const never = () => new Promise<never>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What became of works that wait for so many milliseconds, as they ended. */
function waitsFor(...limits: readonly number[]): string[] {
  const ended: string[] = [];
  for (const limit of limits) {
    const wait = beforeDeadline(never(), limit, () => new Error(`late after ${limit}`));
    wait.catch(({ message }: Error) => ended.push(message));
  }
  return ended;
}

describe.each([
  { timers: "timers of their own", isShared: false },
  { timers: "a timer that they share", isShared: true },
])("waits with $timers", ({ isShared }) => {
  const inOne = <Result>(work: () => Result): Result => {
    const request = newRequest();
    if (isShared) shareTimer(request);
    return inRequest(request, work);
  };

  it("end each at its own time, whichever began first", async () => {
    const ended = inOne(() => waitsFor(300, 100, 200));

    await vi.advanceTimersByTimeAsync(99);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(["late after 100"]);
    await vi.advanceTimersByTimeAsync(200);
    expect(ended).toEqual(["late after 100", "late after 200", "late after 300"]);
  });

  it("begin anew after all others are over", async () => {
    await inOne(async () => {
      expect(await beforeDeadline(Promise.resolve("done"), 100, () => new Error("late"))).toBe(
        "done",
      );
      await vi.advanceTimersByTimeAsync(150);
      const ended = waitsFor(100);

      await vi.advanceTimersByTimeAsync(99);
      expect(ended).toEqual([]);
      await vi.advanceTimersByTimeAsync(1);
      expect(ended).toEqual(["late after 100"]);
    });
  });

  it("pass on what the work is rejected with", async () => {
    const failing = Promise.reject(new Error("no"));

    await expect(
      inOne(() => beforeDeadline(failing, 100, () => new Error("late"))),
    ).rejects.toThrow("no");
  });
});
