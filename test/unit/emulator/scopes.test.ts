import { describe, expect, it } from "vitest";

import { covers, parsedScopes } from "../../../emulator/scopes.ts";

describe("scopes", () => {
  it.each([
    ["", []],
    ["repo read:user read:org", ["read:org", "read:user", "repo"]],
    ["repo,read:user", ["read:user", "repo"]],
    ["repo repo public_repo", ["repo"]],
    ["user read:user user:email", ["user"]],
    ["repo unheard:of", ["repo"]],
  ])("reads %j as GitHub does", (text, scopes) => {
    expect(parsedScopes(text)).toEqual(scopes);
  });

  it("lets a scope stand for those it includes, and not the other way round", () => {
    expect(covers(["repo"], "public_repo")).toBe(true);
    expect(covers(["admin:org"], "read:org")).toBe(true);
    expect(covers(["public_repo"], "repo")).toBe(false);
    expect(covers([], "repo")).toBe(false);
  });
});
