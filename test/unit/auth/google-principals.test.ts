import { describe, expect, it } from "vitest";

import { checkPrincipals, scopesOf } from "../../../src/auth/google-principals.ts";
import { principals } from "../../../src/setting-types.ts";

const read = (text: string) => principals.parse(text);

describe("scopesOf", () => {
  const listed = read(
    "domain:example.com=mcp:tools, user:Ada@example.com=mcp:tools github:private, serviceAccount:ci@p.iam.gserviceaccount.com",
  );

  it.each([
    ["an address", { email: "ada@example.com" }, ["mcp:tools", "github:private"]],
    [
      "an address before its domain",
      { email: "ADA@example.com", hd: "example.com" },
      ["mcp:tools", "github:private"],
    ],
    ["a domain", { email: "bob@example.org", hd: "Example.com" }, ["mcp:tools"]],
    [
      "a service account without scopes",
      { email: "ci@p.iam.gserviceaccount.com" },
      ["mcp:tools", "github:read"],
    ],
  ])("finds %s", (_what, account, scopes) => {
    expect(scopesOf(listed, account)).toEqual(scopes);
  });

  it.each([
    ["who only has an address of the domain", { email: "bob@example.com" }],
    ["of a domain below", { email: "bob@a.example.com", hd: "a.example.com" }],
    ["whose domain is an address on the list", { email: "bob@b.example", hd: "ada@example.com" }],
    ["whose address is a domain on the list", { email: "example.com" }],
    ["of an empty domain", { email: "bob@b.example", hd: "" }],
  ])("finds nobody %s", (_what, account) => {
    expect(scopesOf(listed, account)).toBeUndefined();
  });

  it("finds nobody on an empty list", () => {
    expect(scopesOf(read(" "), { email: "ada@example.com", hd: "example.com" })).toBeUndefined();
  });
});

describe("checkPrincipals", () => {
  it("takes every scope that there is", () => {
    expect(() =>
      checkPrincipals(read("user:a@b.example=mcp:tools github:read github:private")),
    ).not.toThrow();
  });

  it("names those that there are not, and the setting", () => {
    expect(() =>
      checkPrincipals(read("user:a@b.example=mcp:tools admin, domain:b.example=root")),
    ).toThrow(/admin, root[^]*GOOGLE_PRINCIPALS/);
  });
});

describe("GOOGLE_PRINCIPALS", () => {
  it.each([
    "ada@example.com",
    "group:all@example.com",
    "user:example.com",
    "domain:ada@example.com",
    "user:ada@example.com=",
    "serviceaccount:ci@p.iam.gserviceaccount.com",
    "user:ada@example.com, allUsers",
  ])("refuses %s", (text) => {
    expect(principals.safeParse(text).success).toBe(false);
  });
});
