import { RequestError } from "octokit";
import { describe, expect, it } from "vitest";

import { ToolError } from "../../../src/errors.ts";
import { toToolError, tooSlow, unreadable } from "../../../src/github/errors.ts";
import { githubServer } from "../../../src/github/server.ts";

const server = githubServer("https://github.com");
const SECRET = "gho_0123456789abcdefghijABCDEFGHIJ012345";

type Headers = Record<string, string>;

function answered(status: number, headers: Headers = {}, message = `upstream says ${SECRET}`) {
  const url = "https://api.github.com/user";
  return new RequestError(message, status, {
    request: { method: "GET", url, headers: { authorization: `token ${SECRET}` } },
    response: { status, url, headers, data: { message } },
  });
}

const saidOf = (error: unknown) => {
  const { code, message } = toToolError(error, server);
  return { code, message };
};

describe("toToolError", () => {
  it.each([
    [401, "signed_out"],
    [403, "forbidden"],
    [404, "not_found"],
    [410, "not_found"],
    [429, "rate_limited"],
    [451, "forbidden"],
    [400, "github_unavailable"],
    [409, "github_unavailable"],
    [422, "github_unavailable"],
    [500, "github_unavailable"],
    [502, "github_unavailable"],
    [503, "github_unavailable"],
    [504, "github_unavailable"],
    [599, "github_unavailable"],
  ])("turns status %i into %s, in words of its own", (status, code) => {
    const error = toToolError(answered(status), server);

    expect(error).toBeInstanceOf(ToolError);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.message).not.toMatch(/upstream|gho_|token/);
  });

  it("names the second in which a used-up limit is renewed", () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1790000000" };

    expect(saidOf(answered(403, headers))).toMatchInlineSnapshot(`
      {
        "code": "rate_limited",
        "message": "GitHub's rate limit is used up. Try again after 2026-09-21T14:13:20.000Z.",
      }
    `);
  });

  it.each([
    ["30", "Try again in 30 seconds."],
    ["1", "Try again in 1 seconds."],
    ["0.5", "Try again in 1 seconds."],
    ["0", "Wait at least a minute before the next call."],
    ["-5", "Wait at least a minute before the next call."],
    ["Fri, 31 Dec 2027 23:59:59 GMT", "Wait at least a minute before the next call."],
    ["upstream", "Wait at least a minute before the next call."],
  ])("reads a wait of %j", (wait, says) => {
    const { message } = saidOf(answered(429, { "retry-after": wait }));

    expect(message).toBe(`GitHub's rate limit is used up. ${says}`);
  });

  it.each(["", "soon", "-1", "0", "1e300", "99999999999999"])(
    "says to wait a minute when the limit is renewed at %j, which is no time",
    (reset) => {
      const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };

      expect(saidOf(answered(403, headers))).toEqual({
        code: "rate_limited",
        message: "GitHub's rate limit is used up. Wait at least a minute before the next call.",
      });
    },
  );

  it("recognises a secondary limit by GitHub's wording alone", () => {
    const error = answered(403, {}, "You have exceeded a secondary rate limit.");

    expect(saidOf(error).code).toBe("rate_limited");
  });

  it("names the page of the organisation's single sign-on", () => {
    const link = "https://github.com/orgs/octo-org/sso?authorization_request=A0B1C2";

    expect(saidOf(answered(403, { "x-github-sso": `required; url=${link}` }))).toEqual({
      code: "sso_required",
      message: `The organisation that owns this asks for single sign-on first. Open ${link} in a browser, then call the tool again.`,
    });
  });

  it.each([
    "required; url=https://evil.example/sso",
    "required; url=https://github.com.evil.example/sso",
    "required; url=https://github.com@evil.example/sso",
    "required; url=http://github.com/sso",
    "required; url=javascript:alert(1)",
    "required; url=",
    "required",
    "partial-results; organizations=21955855",
    "",
  ])("names no page for single sign-on when GitHub sends %j", (header) => {
    expect(saidOf(answered(403, { "x-github-sso": header }))).toEqual({
      code: "sso_required",
      message:
        "The organisation that owns this asks for single sign-on first. Authorize this app in your organisation's SSO settings, then call the tool again.",
    });
  });

  it("keeps a tool error, wherever it is found", () => {
    const error = tooSlow();
    const wrapped = new RequestError("wrapped", 500, {
      request: { method: "GET", url: "https://api.github.com/user", headers: {} },
      cause: error,
    });

    expect(toToolError(error, server)).toBe(error);
    expect(toToolError(wrapped, server)).toBe(error);
  });

  it.each(["TimeoutError", "AbortError"])("calls %s too slow, also as a cause", (name) => {
    const error = new DOMException("upstream", name);

    expect(toToolError(error, server).message).toBe(tooSlow().message);
    expect(toToolError(new Error("x", { cause: error }), server).message).toBe(tooSlow().message);
  });

  it.each([
    ["a lost connection", new TypeError("fetch failed")],
    ["text", "upstream"],
    ["nothing", undefined],
    ["an error without an answer", new Error(`upstream ${SECRET}`)],
  ])("calls GitHub unavailable for %s", (_what, thrown) => {
    expect(saidOf(thrown)).toEqual({
      code: "github_unavailable",
      message: "GitHub is not available right now. Try again in a minute.",
    });
  });
});

describe("unreadable", () => {
  it("says what happened and what to do", () => {
    expect(unreadable().message).toBe(
      "GitHub's answer was cut off or not understood. Try again in a minute.",
    );
  });
});
