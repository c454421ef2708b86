import { describe, expect, it } from "vitest";

import { sealer } from "../../../src/auth/seal.ts";

const SECRET = "s".repeat(32);
const NEXT = "n".repeat(32);
const OWNER = "person:583231";
const STRANGER = "person:480938";

describe("a sealed value", () => {
  it("is opened by its owner's key", async () => {
    const { seal, open } = sealer([SECRET]);

    expect(await open(await seal("gho_token", OWNER), OWNER)).toBe("gho_token");
  });

  it("shows nothing of what it holds, and is never the same twice", async () => {
    const { seal } = sealer([SECRET]);

    const [first, second] = await Promise.all([seal("gho_token", OWNER), seal("gho_token", OWNER)]);

    expect(first).not.toContain("gho_token");
    expect(first).not.toBe(second);
  });

  it.each([
    ["another owner", SECRET, STRANGER],
    ["another secret", "t".repeat(32), OWNER],
  ])("stays closed for %s", async (_kind, secret, owner) => {
    const sealed = await sealer([SECRET]).seal("gho_token", OWNER);

    await expect(sealer([secret]).open(sealed, owner)).rejects.toThrow("sealed otherwise");
  });

  it("stays closed when it was altered", async () => {
    const { seal, open } = sealer([SECRET]);
    const sealed = await seal("gho_token", OWNER);
    const last = sealed.at(-2) === "A" ? "B" : "A";
    const altered = `${sealed.slice(0, -2)}${last}${sealed.at(-1)}`;

    await expect(open(altered, OWNER)).rejects.toThrow("sealed otherwise");
  });

  it.each(["", "gho_token", "v2.AAAA.BBBB"])("is not %j", async (value) => {
    await expect(sealer([SECRET]).open(value, OWNER)).rejects.toThrow("unknown form");
  });
});

describe("a value sealed with a former secret", () => {
  it("is opened while that secret is listed, in any place, and not after", async () => {
    const sealed = await sealer([SECRET]).seal("gho_token", OWNER);

    const listed = sealer([NEXT, "o".repeat(32), SECRET]);
    const forgotten = sealer([NEXT, "o".repeat(32)]);

    expect(await listed.open(sealed, OWNER)).toBe("gho_token");
    await expect(forgotten.open(sealed, OWNER)).rejects.toThrow("sealed otherwise");
  });

  it("is sealed anew with the current one, and then needs no other", async () => {
    const old = await sealer([SECRET]).seal("gho_token", OWNER);

    const renewed = await sealer([NEXT, SECRET]).renew(old, OWNER);

    expect(await sealer([NEXT]).open(renewed, OWNER)).toBe("gho_token");
    await expect(sealer([SECRET]).open(renewed, OWNER)).rejects.toThrow("sealed otherwise");
  });

  it("stays closed for another owner and another purpose", async () => {
    const sealed = await sealer([SECRET]).seal("gho_token", OWNER);
    const secrets = [NEXT, SECRET] as const;

    const otherPurpose = sealer(secrets, "account pages");

    await expect(sealer(secrets).open(sealed, STRANGER)).rejects.toThrow("sealed otherwise");
    await expect(sealer(secrets).renew(sealed, STRANGER)).rejects.toThrow("sealed otherwise");
    await expect(otherPurpose.open(sealed, OWNER)).rejects.toThrow("sealed otherwise");
    await expect(otherPurpose.renew(sealed, OWNER)).rejects.toThrow("sealed otherwise");
  });
});

describe("new values", () => {
  it("are sealed with the current secret alone", async () => {
    const sealed = await sealer([NEXT, SECRET]).seal("gho_token", OWNER);

    expect(await sealer([NEXT]).open(sealed, OWNER)).toBe("gho_token");
    await expect(sealer([SECRET]).open(sealed, OWNER)).rejects.toThrow("sealed otherwise");
  });

  it("are left as they are when they are renewed", async () => {
    const { seal, renew } = sealer([NEXT, SECRET]);
    const sealed = await seal("gho_token", OWNER);

    expect(await renew(sealed, OWNER)).toBe(sealed);
  });
});
