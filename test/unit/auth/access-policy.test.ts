import { describe, expect, it } from "vitest";

import { admissionOf, refusalText } from "../../../src/auth/access-policy.ts";

const policyOf = (logins: string[], orgs: string[], contact?: string) => ({
  allowedLogins: new Set(logins),
  allowedOrgs: new Set(orgs),
  contact,
});

describe("admissionOf", () => {
  const octocat = { kind: "person", id: 583_231, login: "OctoCat" } as const;

  it.each([
    { logins: [], orgs: [], admission: "admitted" },
    { logins: ["octocat"], orgs: [], admission: "admitted" },
    { logins: ["hubot"], orgs: [], admission: "refused" },
    { logins: [], orgs: ["octo-org"], admission: "membership decides" },
    { logins: ["hubot"], orgs: ["octo-org"], admission: "membership decides" },
    { logins: ["octocat"], orgs: ["octo-org"], admission: "admitted" },
  ])("is $admission for logins $logins and organisations $orgs", ({ logins, orgs, admission }) => {
    expect(admissionOf(policyOf(logins, orgs), octocat)).toBe(admission);
  });
});

describe("refusalText", () => {
  it("names whom to ask, or the operator", () => {
    expect(refusalText(policyOf([], [], "ada@example.com"))).toContain("Ask ada@example.com.");
    expect(refusalText(policyOf([], []))).toContain("Ask its operator.");
  });

  it("keeps to the characters that an OAuth error may have (RFC 6749, section 4.1.2.1)", () => {
    const text = refusalText(policyOf([], [], String.raw`"Jörg\Ørsted" 東京 😀`));

    expect(text).toContain("Ask 'Jorg?");
    expect(text).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});
