import { afterEach, describe, expect, it, vi } from "vitest";

import { log, LOG_LEVELS, logFrom, redact } from "../../src/log.ts";

describe("redact", () => {
  it.each([
    ["a GitHub OAuth token", "gho_16C7e42F292c6912E7710c838347Ae178B4a"],
    ["a GitHub App user token", "ghu_16C7e42F292c6912E7710c838347Ae178B4a"],
    [
      "a GitHub App refresh token",
      "ghr_1B4a2e77838347a7E420ce178F2E7c6912E169246c34E1ccbF66C46812d16D5B1A9Dc86A1498",
    ],
    [
      "a fine-grained personal token",
      "github_pat_11ABCDEFG0abcdefghijkl_ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    ],
    ["a token of this server", "583231:AbCdEfGhIjKlMnOp:abcdefghijklmnopqrstuvwxyz012345"],
    ["a service token", "mcpw_8f3Kq0Zb4nT7yXcV1mWpLrD6sHgJ2uEoAiB9QeRt5kPw0aC1dE"],
    [
      "a JSON Web Token",
      "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMDAyMzQ1Njc4OTAxMjM0NTY3ODkwIn0.AbC-dEf_GhIjKlMnOpQrStUvWxYz",
    ],
    ["a sealed value", "v1.AAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"],
  ])("removes %s and keeps the words around it", (_kind, secret) => {
    expect(redact(`before ${secret} after`)).toBe("before [redacted] after");
  });

  it("keeps what only looks technical", () => {
    const line =
      '{"event":"tool.called","caller":"person:583231","ms":12,"at":"2026-11-21T03:21:00Z"}';

    expect(redact(line)).toBe(line);
  });
});

describe("log", () => {
  afterEach(() => {
    logFrom("info");
    vi.restoreAllMocks();
  });

  it.each([
    ["info", ["info", "warn", "error"]],
    ["warn", ["warn", "error"]],
    ["error", ["error"]],
  ] as const)("from %s on writes %j", (least, written) => {
    const seen: string[] = [];
    for (const level of LOG_LEVELS)
      vi.spyOn(console, level).mockImplementation(() => seen.push(level));
    logFrom(least);
    for (const level of LOG_LEVELS) log(level, "something.happened");

    expect(seen).toEqual(written);
  });
});
