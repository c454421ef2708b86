import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

import { describe, expect, it } from "vitest";

import {
  hashOfServiceToken,
  idOfServiceToken,
  isLikeServiceToken,
  makeServiceToken,
} from "../../../src/auth/service-token-format.ts";

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The checksum as any other implementation would have it. */
function checksumOf(text: string): string {
  let digits = "";
  for (let rest = crc32(text); digits.length < 6; rest = Math.floor(rest / 62)) {
    digits = `${DIGITS[rest % 62]}${digits}`;
  }
  return digits;
}

describe("a new service token", () => {
  it("is a prefix, an id, a secret and the CRC-32 of all that, in 51 letters and digits", () => {
    const { id, token } = makeServiceToken();

    expect(token).toMatch(/^mcpw_[0-9A-Za-z]{46}$/);
    expect(token.slice(5, 13)).toBe(id);
    expect(token.slice(45)).toBe(checksumOf(token.slice(0, 45)));
    expect(idOfServiceToken(token)).toBe(id);
  });

  it("uses every letter and digit as often as any other", () => {
    const text = Array.from({ length: 2000 }, () => makeServiceToken().token.slice(5, 45)).join("");
    const counts = Array.from(DIGITS, (digit) => text.split(digit).length - 1);

    // 1,290 of each, give or take six standard deviations.
    expect(Math.min(...counts)).toBeGreaterThan(1290 - 215);
    expect(Math.max(...counts)).toBeLessThan(1290 + 215);
  });

  it("is another one each time", () => {
    const tokens = Array.from({ length: 1000 }, makeServiceToken);

    expect(new Set(tokens.map(({ id }) => id)).size).toBe(1000);
    expect(new Set(tokens.map(({ token }) => token.slice(13, 45))).size).toBe(1000);
  });

  it("is kept as its SHA-256", async () => {
    const { token } = makeServiceToken();

    expect(await hashOfServiceToken(token)).toBe(
      createHash("sha256").update(token).digest("base64url"),
    );
  });
});

describe("the checksum", () => {
  const { token } = makeServiceToken();
  const places = Array.from(token, (_digit, place) => place).slice(5);

  it("does not fit when one character is another", () => {
    const altered = places.flatMap((place) =>
      Array.from(DIGITS)
        .filter((digit) => digit !== token[place])
        .map((digit) => `${token.slice(0, place)}${digit}${token.slice(place + 1)}`),
    );

    expect(altered).toHaveLength(46 * 61);
    expect(altered.filter((text) => idOfServiceToken(text) !== undefined)).toEqual([]);
  });

  it("does not fit when neighbours change places", () => {
    const swapped = places
      .slice(1)
      .map((place) => [place, `${token[place]}${token[place - 1]}`] as const)
      .map(([place, pair]) => `${token.slice(0, place - 1)}${pair}${token.slice(place + 1)}`)
      .filter((text) => text !== token);

    expect(swapped.filter((text) => idOfServiceToken(text) !== undefined)).toEqual([]);
  });

  it("is what sets a token apart from text of its shape", () => {
    expect(idOfServiceToken(`mcpw_${"0".repeat(46)}`)).toBeUndefined();
  });
});

describe("other text", () => {
  const { token } = makeServiceToken();

  it.each([
    ["nothing", ""],
    ["the prefix alone", "mcpw_"],
    ["a token that was cut off", token.slice(0, -1)],
    ["a token with one character too many", `${token}0`],
    ["a token with a line end", `${token}\n`],
    ["a token of another prefix", token.replace("mcpw_", "ghp_")],
    ["an access token of the OAuth library", "583231:AbCdEfGhIjKlMnOp:abcdefghijklmnopqrstuvw"],
  ])("is no service token: %s", (_what, text) => {
    expect(idOfServiceToken(text)).toBeUndefined();
  });

  it("means to be one when it begins like one", () => {
    expect([token, token.slice(0, -1), "mcpw_"].map(isLikeServiceToken)).toEqual([
      true,
      true,
      true,
    ]);
    expect(["mcpw_a:b:c", `x${token}`, "ghp_0", ""].map(isLikeServiceToken)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
