import { describe, expect, it, vi } from "vitest";

import { clientAddress } from "../../../src/limits/client-address.ts";
import { rateLimits } from "../../../src/limits/rate-limits.ts";

type Count = (asked: { key: string }) => Promise<{ success: boolean }>;

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

  it("counts ten calls of a person at once, and refuses those beyond ten times its number", async () => {
    vi.spyOn(console, "warn").mockReturnValue();
    const counts: string[] = [];
    const { call } = limitsWith(async ({ key }) => {
      counts.push(key);
      return { success: counts.filter((each) => each === key).length <= 60 };
    });
    const answers: boolean[] = [];
    for (let sent = 0; sent < 605; sent += 1) answers.push(await call.admits("person:1"));
    const other = await call.admits("person:2");

    expect(answers.indexOf(false)).toBe(600);
    expect(answers.slice(600)).toEqual([false, false, false, false, false]);
    expect(other).toBe(true);
    expect(counts).toHaveLength(62);
  });

  it("asks once for ten calls that come at the same time", async () => {
    const count = vi.fn<Count>(async () => ({ success: true }));
    const { call } = limitsWith(count);
    await Promise.all(Array.from({ length: 20 }, () => call.admits("person:1")));

    expect(count).toHaveBeenCalledTimes(2);
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
