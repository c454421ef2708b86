import { describe, expect, it } from "vitest";

import { isGrantProps } from "../../../src/auth/grant-props.ts";

const IDENTITY = { kind: "person", id: 583_231, login: "octocat" };
const CLIENT = { name: "Inspector", host: "localhost", isVerified: false };
const PROPS = {
  identity: IDENTITY,
  tokenSet: "read:user",
  githubToken: "v1.sealed",
  githubTokenExpiresAt: 1_795_000_000,
  client: CLIENT,
};

describe("isGrantProps", () => {
  it.each([
    ["that end", PROPS],
    ["of a token that does not expire", { ...PROPS, githubTokenExpiresAt: undefined }],
    ["with a member of a later build", { ...PROPS, later: true }],
  ])("takes props %s", (_which, props) => {
    expect(isGrantProps(props)).toBe(true);
  });

  it.each([
    ["that are none", undefined],
    ["that are null", null],
    ["that are a text", "props"],
    ["of nobody", { ...PROPS, identity: undefined }],
    ["of a service", { ...PROPS, identity: { ...IDENTITY, kind: "service" } }],
    ["of a person with a text for an id", { ...PROPS, identity: { ...IDENTITY, id: "583231" } }],
    ["of a person with half an id", { ...PROPS, identity: { ...IDENTITY, id: 0.5 } }],
    ["of person 0", { ...PROPS, identity: { ...IDENTITY, id: 0 } }],
    ["of a person without a login", { ...PROPS, identity: { kind: "person", id: 1 } }],
    ["without a token set", { ...PROPS, tokenSet: undefined }],
    ["without a token", { ...PROPS, githubToken: undefined }],
    ["whose end is a text", { ...PROPS, githubTokenExpiresAt: "1795000000" }],
    ["without a client", { ...PROPS, client: null }],
    ["of a client without a name", { ...PROPS, client: { ...CLIENT, name: undefined } }],
    ["of a client without a host", { ...PROPS, client: { ...CLIENT, host: undefined } }],
    ["of a client that is perhaps verified", { ...PROPS, client: { ...CLIENT, isVerified: "no" } }],
  ])("refuses props %s", (_which, props) => {
    expect(isGrantProps(props)).toBe(false);
  });
});
