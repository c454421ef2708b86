import { describe, expect, it, vi } from "vitest";

import { clientAddress } from "../../../src/limits/client-address.ts";
import { rateLimits } from "../../../src/limits/rate-limits.ts";

type Count = (asked: { key: string; delta: number }) => Promise<{ success: boolean }>;

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);

/** As the binding counts: it admits while the count is below the limit, by however much it then grows. */
function counter(limit = Infinity) {
  const counts: number[] = [];
  const totals = new Map<string, number>();
  const count: Count = async ({ key, delta }) => {
    const total = totals.get(key) ?? 0;
    counts.push(delta);
    if (total >= limit) return { success: false };
    totals.set(key, total + delta);
    return { success: true };
  };
  return { counts, limit: count };
}

function limitsWith(limit: Count) {
  const bindings = { CALL_LIMIT: { limit }, SESSION_LIMIT: { limit } };
  return rateLimits(bindings as Parameters<typeof rateLimits>[0]);
}

describe("a limit", () => {
  it("admits, and says so in the log, when its counter is in trouble", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const { call } = limitsWith(async () => {
      throw new Error("The counter did not answer.");
    });

    expect(await call.admits("person:1")).toBe(true);
    expect(warn).toHaveBeenCalledWith(expect.stringContaining("limit.not_counted"));
  });

  it("asks its counter again a second after a refusal, and not before", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    vi.useFakeTimers();
    const count = vi.fn<Count>(async () => ({ success: false }));
    const { call } = limitsWith(count);
    const answers = [await call.admits("person:1"), await call.admits("person:1")];
    const asked = count.mock.calls.length;
    vi.advanceTimersByTime(1001);
    answers.push(await call.admits("person:1"));
    vi.useRealTimers();

    expect(answers).toEqual([false, false, false]);
    expect(asked).toBe(1);
    expect(count).toHaveBeenCalledTimes(2);
  });

  it("counts who begins one by one, and who goes on by batches of up to sixty", async () => {
    const { counts, limit } = counter();
    const { call } = limitsWith(limit);
    for (let sent = 0; sent < 183; sent += 1) await call.admits("person:1");

    expect(counts).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it("refuses beyond its number, but for what is left of a batch, and limits nobody else", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const { call } = limitsWith(counter(600).limit);
    const answers: boolean[] = [];
    for (let sent = 0; sent < 610; sent += 1) answers.push(await call.admits("person:1"));

    expect(answers.filter(Boolean)).toHaveLength(603);
    expect(answers.slice(603)).not.toContain(true);
    expect(await call.admits("person:2")).toBe(true);
  });

  it("has counted no more than twice what was sent, whenever that ends", async () => {
    const { counts, limit } = counter();
    const { call } = limitsWith(limit);
    for (let sent = 1; sent < 200; sent += 1) {
      await call.admits("person:1");

      expect(sum(counts)).toBeLessThan(2 * sent);
    }
  });

  it("counts one by one again whose batch has lasted for a minute", async () => {
    vi.useFakeTimers();
    const { counts, limit } = counter();
    const { call } = limitsWith(limit);
    for (let sent = 0; sent < 7; sent += 1) await call.admits("person:1");
    vi.advanceTimersByTime(60_000);
    await call.admits("person:1");
    vi.useRealTimers();

    expect(counts).toEqual([1, 2, 4, 1]);
  });

  it("counts one by one after a refusal, and by batches again once one was admitted", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    vi.useFakeTimers();
    const counts: number[] = [];
    const { call } = limitsWith(async ({ delta }) => ({ success: counts.push(delta) !== 4 }));
    for (let sent = 0; sent < 8; sent += 1) await call.admits("person:1");
    vi.advanceTimersByTime(1001);
    for (let sent = 0; sent < 4; sent += 1) await call.admits("person:1");
    vi.useRealTimers();

    expect(counts).toEqual([1, 2, 4, 8, 1, 1, 2]);
  });

  it("forgets the batches of others when ten thousand people call", async () => {
    const { counts, limit } = counter();
    const { call } = limitsWith(limit);
    for (let person = 0; person <= 10_000; person += 1) await call.admits(`person:${person}`);
    await call.admits("person:0");
    await call.admits("person:10000");

    expect(counts.slice(10_001)).toEqual([1, 2]);
  });

  it("asks five times for twenty calls that come at the same time", async () => {
    const { counts, limit } = counter();
    const { call } = limitsWith(limit);
    await Promise.all(Array.from({ length: 20 }, () => call.admits("person:1")));

    expect(counts).toEqual([1, 2, 4, 8, 16]);
  });

  it("admits nobody on a count that was refused, also after the refusal has stood", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    vi.useFakeTimers();
    const { call } = limitsWith(async () => ({ success: false }));
    await call.admits("person:1");
    vi.advanceTimersByTime(1001);
    const answers = await Promise.all([1, 2, 3].map(() => call.admits("person:1")));
    vi.useRealTimers();

    expect(answers).toEqual([false, false, false]);
  });

  it("counts every session", async () => {
    const count = vi.fn<Count>(async () => ({ success: true }));
    const { session } = limitsWith(count);
    await session.admits("person:1");
    await session.admits("person:1");

    expect(count).toHaveBeenCalledTimes(2);
  });

  it("admits when whoever deployed has taken its binding away", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    warn.mockClear();
    const { token } = limitsWith(async () => ({ success: false }));

    expect(await token.admits("grant:1")).toBe(true);
    expect(warn).not.toHaveBeenCalled();
  });
});

describe("clientAddress", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:db8:1:2::6", "2001:db8:1:2"],
    ["2001:0DB8:0001:0002::6", "2001:db8:1:2"],
    ["2001:db8::6", "2001:db8:0:0"],
    ["2001:db8:1:2::", "2001:db8:1:2"],
  ])("of %s is %s", (header, address) => {
    const request = new Request("https://server.example/", {
      headers: { "cf-connecting-ip": header },
    });

    expect(clientAddress(request)).toBe(address);
  });

  it.each(["127.0.0.1", "127.8.8.8", "::1"])("is none on a developer's machine: %s", (address) => {
    const headers = { "cf-connecting-ip": address };

    expect(clientAddress(new Request("https://server.example/", { headers }))).toBeUndefined();
  });

  it("is none where Cloudflare names none", () => {
    expect(clientAddress(new Request("https://server.example/"))).toBeUndefined();
  });
});
