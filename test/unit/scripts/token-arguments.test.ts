import { describe, expect, it } from "vitest";

import { InputError } from "../../../scripts/input-error.ts";
import { readArguments } from "../../../scripts/token-arguments.ts";

const HERE = { isRemote: false, stateDir: undefined };

describe("npm run token", () => {
  it("makes a token of the basic scope for thirty days, where npm start keeps its state", () => {
    const command = readArguments(["create", "--name", "ci", "--by", "mona"]);

    expect(command).toEqual({
      action: {
        kind: "create",
        facts: {
          name: "ci",
          scopes: ["mcp:tools"],
          createdBy: "mona",
          createdAt: expect.any(Number),
          expiresAt: expect.any(Number),
        },
      },
      place: HERE,
      isJson: false,
    });
  });

  it.each([
    ["1h", 3600],
    ["36h", 36 * 3600],
    ["365d", 365 * 24 * 3600],
  ])("takes %s as the token's life", (expires, seconds) => {
    const command = readArguments(["create", "--name", "ci", "--expires", expires]);

    const facts = command?.action.kind === "create" ? command.action.facts : undefined;
    expect(Number(facts?.expiresAt) - Number(facts?.createdAt)).toBe(seconds);
  });

  it.each(["mcp:tools github:read", "mcp:tools,github:read", " mcp:tools  github:read mcp:tools "])(
    "takes %j as two scopes",
    (scopes) => {
      const command = readArguments(["create", "--name", "ci", "--scopes", scopes]);

      expect(command?.action).toMatchObject({
        facts: { scopes: ["mcp:tools", "github:read"] },
      });
    },
  );

  it("names who makes it, unless it is told", () => {
    const command = readArguments(["create", "--name", "ci"]);

    expect(command?.action).toMatchObject({ facts: { createdBy: expect.stringMatching(/.+/) } });
  });

  it("lists and revokes, here or on the deployed Worker", () => {
    expect(readArguments(["list", "--json", "--remote"])).toEqual({
      action: { kind: "list" },
      place: { isRemote: true, stateDir: undefined },
      isJson: true,
    });
    expect(readArguments(["revoke", "ci", "--persist-to", "x"])).toEqual({
      action: { kind: "revoke", which: "ci" },
      place: { isRemote: false, stateDir: "x" },
      isJson: false,
    });
  });

  it.each([[["help"]], [["--help"]], [["create", "-h"]]])("explains itself: %j", (words) => {
    expect(readArguments(words)).toBeUndefined();
  });
});

const NEW = ["create", "--name", "ci"];

describe("npm run token with words that it cannot use", () => {
  it.each([
    ["nothing to do", [], "Say what to do: create, list or revoke."],
    ["something else to do", ["destroy"], "Say what to do: create, list or revoke."],
    ["no name", ["create"], "--name needs 1 to 64 letters"],
    ["an empty name", ["create", "--name", ""], "--name needs 1 to 64 letters"],
    ["a name with a line break", ["create", "--name", "a\nb"], "--name needs 1 to 64 letters"],
    ["a name that ends a line", ["create", "--name", "a\n"], "--name needs 1 to 64 letters"],
    ["a name that is too long", ["create", "--name", "a".repeat(65)], "--name needs 1 to 64"],
    ["a word too many", ["create", "ci"], "Unexpected argument 'ci'"],
    ["a scope that is none", [...NEW, "--scopes", "mcp:tools root"], "There is no scope root."],
    ["a scope of every object", [...NEW, "--scopes", "mcp:tools constructor"], "no scope"],
    ["scopes without mcp:tools", [...NEW, "--scopes", "github:read"], "needs mcp:tools"],
    ["no end", [...NEW, "--expires", "never"], "It must be from 1h to 365d"],
    ["an end too far away", [...NEW, "--expires", "366d"], "It must be from 1h to 365d"],
    ["an end that is now", [...NEW, "--expires", "0h"], "It must be from 1h to 365d"],
    ["an end in the past", [...NEW, "--expires=-1d"], "It must be from 1h to 365d"],
    ["an empty maker", [...NEW, "--by", ""], "--by must be one line"],
    ["a maker of two lines", [...NEW, "--by", "a\nb"], "--by must be one line"],
    ["no token to revoke", ["revoke"], "Name one token to revoke"],
    ["two tokens to revoke", ["revoke", "a", "b"], "Name one token to revoke"],
    ["an unknown option", ["list", "--all"], "Unknown option '--all'"],
    ["an option of another command", ["list", "--name", "a"], "Unknown option '--name'"],
    ["two places", ["list", "--remote", "--persist-to", "x"], "exclude each other"],
  ])("names the fault: %s", (_what, words, sentence) => {
    const read = () => readArguments(words);

    expect(read).toThrow(InputError);
    expect(read).toThrow(sentence);
  });
});
