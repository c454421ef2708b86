import { describe, expect, it } from "vitest";

import { readOptions } from "../../../bench/options.ts";

describe("the options of npm run bench", () => {
  it("ask for every row and stage by default", () => {
    const { keys, write } = readOptions([]);

    expect([...keys]).toEqual([
      "add",
      "list",
      "user",
      "open",
      "sign-in",
      "401",
      "sessions",
      "ways",
    ]);
    expect(write).toBe(false);
  });

  it("take some rows by name", () => {
    expect([...readOptions(["--rows", "add,sessions"]).keys]).toEqual(["add", "sessions"]);
  });

  it("refuse a row that there is not, and name those that there are", () => {
    expect(() => readOptions(["--rows", "add,sum"])).toThrow(
      '--rows takes add, list, user, open, sign-in, 401, sessions, ways, not "sum".',
    );
  });

  it("refuse to write a document of some rows", () => {
    expect(() => readOptions(["--rows", "add", "--write"])).toThrow("--write takes all rows");
  });

  it("give as many rounds as are asked for, however long they take", () => {
    const { plan } = readOptions(["--quick", "--rounds", "9"]);

    expect(plan).toMatchObject({ rounds: 9, milliseconds: Infinity, connections: 4 });
    expect(() => readOptions(["--rounds", "0"])).toThrow("--rounds takes a number from 1 up");
  });
});
