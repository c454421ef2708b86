import { inOAuthLibrary, inSource, libraryGuard, never, provenBy } from "./guards.ts";
import { anyClient } from "./refresh-token-cases.ts";
import type { SecurityCase } from "./security-case.ts";

/** A grant's object does not know which code it has redeemed. */
const forgottenCodes = never("src/oauth/grant-object.ts", "this.#issued.isUsedCode(code)");

/** What becomes of codes and access tokens after a person has signed in. */
export const tokenCases: readonly SecurityCase[] = [
  {
    id: "A7",
    threat: "A stolen code is redeemed without the client's verifier",
    answer: "400; the code stays good for the one who has the verifier (RFC 7636, section 4.6)",
    tests: provenBy("oauth/codes", "is refused with another verifier or none"),
    guards: [
      libraryGuard(
        "if (base64UrlEncode(String.fromCharCode(...new Uint8Array(hashBuffer))) !== grantData.codeChallenge)",
        "if (false)",
      ),
    ],
  },
  {
    id: "A8",
    threat: "A code is redeemed twice",
    answer: "invalid_grant, and what the first gave ends (RFC 6749, section 4.1.2)",
    tests: provenBy("oauth/codes", "ends what it gave"),
    guards: [
      [
        ...forgottenCodes,
        inOAuthLibrary(
          "await this.createOAuthHelpers(env).revokeGrant(grantId, userId);\n\t\t\t} catch",
          "} catch",
        ),
      ],
      [...forgottenCodes, inOAuthLibrary("if (!grantData.authCodeWrappedKey)", "if (false)")],
    ],
  },
  {
    id: "A9",
    threat: "A code is redeemed ten times at once, or where KV still shows it as new",
    answer: "The grant's object answers one request at a time, and knows a code that it has seen",
    tests: provenBy(
      "oauth/parallel-codes",
      "a code that is redeemed ten times at once",
      "a code that was redeemed, where KV still shows it",
    ),
    guards: [forgottenCodes],
  },
  {
    id: "A10",
    threat: "A code is redeemed by another client, or for another redirect URI",
    answer: "invalid_grant (RFC 6749, sections 4.1.3 and 5.2)",
    tests: provenBy(
      "oauth/codes",
      "is refused to another client",
      "is refused with another registered",
    ),
    guards: [
      [
        anyClient,
        inOAuthLibrary(
          'if (grantData.clientId !== clientInfo.clientId) return this.createErrorResponse("invalid_grant", { description: "Client ID mismatch" }, {\n\t\t\tcategory: "authorization-code-grant"',
          'if (false) return this.createErrorResponse("invalid_grant", { description: "Client ID mismatch" }, {\n\t\t\tcategory: "authorization-code-grant"',
        ),
      ],
      libraryGuard(
        "if (redirectUri && grantData.redirectUri !== void 0 && redirectUri !== grantData.redirectUri)",
        "if (false)",
      ),
    ],
  },
  {
    id: "A11",
    threat: "A client asks for a token that is good at another server",
    answer:
      "invalid_target for every resource but the one of this server that was authorized (RFC 8707)",
    tests: provenBy(
      "oauth/codes",
      "is refused for another resource of this server",
      "an authorization request for a resource elsewhere",
    ),
    guards: [
      libraryGuard(
        "if (resourceWasProvided && canonicalRequestedResource !== canonicalGrantResource)",
        "if (false)",
      ),
      libraryGuard(
        'if (!configured) throw new AuthorizationError("invalid_target"',
        'if (false) throw new AuthorizationError("invalid_target"',
      ),
    ],
  },
  {
    id: "A34",
    threat: "A token of one deployment is used at another that shares its storage",
    answer: "401 invalid_token: a token names its resource",
    tests: provenBy("oauth/audience", "of another that shares its storage"),
    guards: [
      [inSource("oauth/authorization-server.ts", "resources.includes(found.audience) && ", "")],
    ],
  },
  {
    id: "A35",
    threat: "A GitHub token is used as this server's (token passthrough)",
    answer: "401 invalid_token, and GitHub is not asked",
    tests: provenBy("discovery", "refuses a GitHub token as invalid"),
    guards: [
      [
        inSource(
          "oauth/authorization-server.ts",
          "    return null;\n",
          `    const identity = { kind: "person", id: 1, login: "octocat" };
    const props = { identity, githubToken: token, tokenSet: "", client: { name: "", host: "", isVerified: false } };
    return { scope: ["mcp:tools"], expiresAt: 9_999_999_999, props };\n`,
        ),
      ],
    ],
  },
  {
    id: "A41",
    threat: "A second sign-in, from another folder or machine, kills the first",
    answer: "Each sign-in is a grant of its own and ends none",
    tests: provenBy("sign-in", "stays signed in when the same person signs in"),
    guards: [
      [
        inSource(
          "oauth/complete-sign-in.ts",
          "revokeExistingGrants: false",
          "revokeExistingGrants: true",
        ),
      ],
    ],
  },
  {
    id: "A42",
    threat: "A cache keeps tokens, codes or what a person saw",
    answer: "no-store on tokens, registrations, challenges, refusals, redirects and pages",
    tests: provenBy("oauth/no-store", "no cache keeps"),
    guards: [
      libraryGuard(
        'const NO_CACHE_HEADERS = {\n\t"Cache-Control": "no-store",',
        "const NO_CACHE_HEADERS = {",
      ),
      libraryGuard(
        'const NO_CACHE_HEADERS$1 = {\n\t"Cache-Control": "no-store",',
        "const NO_CACHE_HEADERS$1 = {",
      ),
      [
        inSource(
          "pages/render-page.ts",
          'if (!headers.has("cache-control")) headers.set("cache-control", "no-store");',
          "",
        ),
      ],
      [inSource("oauth/sign-in-pages.tsx", 'headers.set("Referrer-Policy", "no-referrer");', "")],
    ],
  },
];
