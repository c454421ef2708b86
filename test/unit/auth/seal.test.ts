import { describe, expect, it } from "vitest";

import { sealer } from "../../../src/auth/seal.ts";

const SECRET = "s".repeat(32);
const OWNER = "person:583231";

describe("a sealed value", () => {
  it("is opened by its owner's key", async () => {
    const { seal, open } = sealer(SECRET);

    expect(await open(await seal("gho_token", OWNER), OWNER)).toBe("gho_token");
  });

  it("shows nothing of what it holds, and is never the same twice", async () => {
    const { seal } = sealer(SECRET);

    const [first, second] = await Promise.all([seal("gho_token", OWNER), seal("gho_token", OWNER)]);

    expect(first).not.toContain("gho_token");
    expect(first).not.toBe(second);
  });

  it.each([
    ["another owner", SECRET, "person:480938"],
    ["another secret", "t".repeat(32), OWNER],
  ])("stays closed for %s", async (_kind, secret, owner) => {
    const sealed = await sealer(SECRET).seal("gho_token", OWNER);

    await expect(sealer(secret).open(sealed, owner)).rejects.toThrow("sealed otherwise");
  });

  it("stays closed when it was altered", async () => {
    const { seal, open } = sealer(SECRET);
    const sealed = await seal("gho_token", OWNER);
    const last = sealed.at(-2) === "A" ? "B" : "A";
    const altered = `${sealed.slice(0, -2)}${last}${sealed.at(-1)}`;

    await expect(open(altered, OWNER)).rejects.toThrow("sealed otherwise");
  });

  it.each(["", "gho_token", "v2.AAAA.BBBB"])("is not %j", async (value) => {
    await expect(sealer(SECRET).open(value, OWNER)).rejects.toThrow("unknown form");
  });
});
