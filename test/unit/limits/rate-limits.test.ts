import { describe, expect, it, vi } from "vitest";

import { clientAddress } from "../../../src/limits/client-address.ts";
import { rateLimits } from "../../../src/limits/rate-limits.ts";

function limitsWith(limit: () => Promise<{ success: boolean }>) {
  return rateLimits({ CALL_LIMIT: { limit } } as Parameters<typeof rateLimits>[0]);
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
    const count = vi.fn<() => Promise<{ success: boolean }>>(async () => ({ success: false }));
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

  it("admits when whoever deployed has taken its binding away", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    warn.mockClear();
    const { session } = limitsWith(async () => ({ success: false }));

    expect(await session.admits("person:1")).toBe(true);
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
