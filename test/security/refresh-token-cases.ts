import { inOAuthLibrary, inSource, libraryGuard, never, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

/** Requests of any client reach a grant's object. */
export const anyClient = inSource(
  "oauth/token-endpoint.ts",
  "stored?.clientId === clientId",
  "!!stored",
);

/** What becomes of refresh tokens, and of grants that end. */
export const refreshTokenCases: readonly SecurityCase[] = [
  {
    id: "A36",
    threat: "A refresh token is used by another client, for more, or long after its successor",
    answer:
      "invalid_grant; scopes never widen; only the last one before is good once more, after a lost answer",
    tests: [
      ...provenBy("oauth/refresh", "a refresh token"),
      ...provenBy("oauth/replayed-tokens", "a refresh token that ends nothing"),
    ],
    guards: [
      libraryGuard("if (!isCurrentToken && !isPreviousToken)", "if (false)"),
      libraryGuard(
        "const isPreviousToken = grantData.previousRefreshTokenId === providedTokenHash;",
        "const isPreviousToken = false;",
      ),
      [
        anyClient,
        inOAuthLibrary(
          'if (grantData.clientId !== clientInfo.clientId) return this.createErrorResponse("invalid_grant", { description: "Client ID mismatch" }, {\n\t\t\tcategory: "refresh-token-grant"',
          'if (false) return this.createErrorResponse("invalid_grant", { description: "Client ID mismatch" }, {\n\t\t\tcategory: "refresh-token-grant"',
        ),
      ],
      libraryGuard(".filter((scope) => allowedScopes.includes(scope))", ""),
    ],
  },
  {
    id: "A36b",
    threat: "Made-up tokens have objects made, each with a database, without end",
    answer:
      "No object before KV has the grant, as one of this client; one that remembers nothing is empty",
    tests: provenBy(
      "oauth/ended-grants",
      "a request that has no claim",
      "a grant that nobody refreshed",
      "is forgotten by its object after a day",
    ),
    guards: [
      [
        inSource(
          "oauth/token-endpoint.ts",
          "return stored?.clientId === clientId;",
          "return true;",
        ),
      ],
      [inSource("oauth/grant-object.ts", "await storage.deleteAll();", "return;")],
      [inSource("oauth/grant-object.ts", "this.#issued.prune(now);", "")],
      [inSource("oauth/grant-object.ts", "this.#end.prune(now);", "")],
    ],
  },
  {
    id: "A37",
    threat:
      "A stolen refresh token is used long after its owner has moved on, or the other way round",
    answer:
      "A token two generations old, and no other, ends the grant when the client shows it (RFC 9700, section 4.14.2)",
    tests: [
      ...provenBy("oauth/replayed-tokens", "a refresh token"),
      ...provenBy("oauth/refresh", "is good once more"),
    ],
    guards: [
      never("src/oauth/grant-object.ts", "this.#issued.isReplayed(hash)"),
      [
        inSource(
          "oauth/grant-object.ts",
          'await this.#endGrant(new URL(request.url).origin, "replayed");',
          "",
        ),
      ],
      [
        inSource(
          "oauth/grant-object.ts",
          "if (!proof.ok) return proof;\n    await this.#endGrant(",
          "await this.#endGrant(",
        ),
      ],
      [inSource("oauth/issued-tokens.ts", "REPLAYED_GENERATIONS = 2", "REPLAYED_GENERATIONS = 1")],
      [
        inSource(
          "oauth/issued-tokens.ts",
          "if (this.#generationOf(parent) === undefined)",
          "if (false)",
        ),
      ],
    ],
  },
  {
    id: "A38",
    threat: "Ten processes that share a token refresh it at once, and nine are signed out",
    answer:
      "The same client gets the same answer for a minute, after it has authenticated; it rests sealed under the token that was shown",
    tests: provenBy(
      "oauth/parallel-tokens",
      "a refresh token that ten processes use at once gives",
      "an answer that is kept",
      "a client with a secret",
    ),
    guards: [
      [inSource("oauth/grant-object.ts", "this.#lastTurn.then(", "Promise.resolve().then(")],
      [inSource("oauth/grant-object.ts", "if (body !== undefined) return { body };", "")],
      [
        inSource(
          "oauth/grant-object.ts",
          "if (!proof.ok) return proof;\n    const answer",
          "const answer",
        ),
      ],
      [
        anyClient,
        inSource("oauth/refresh-answers.ts", "[origin, clientId, asked", "[origin, asked"),
      ],
      [inSource("oauth/refresh-answers.ts", "asked.toString()", '""')],
      [inSource("oauth/refresh-answers.ts", "      sealed,\n", "      answer,\n")],
      [inSource("oauth/grant-object.ts", "this.#answers.prune(now);", "")],
    ],
  },
  {
    id: "A38b",
    threat: "200 refreshes at once, of 20 grants in ten processes each",
    answer: "Each caller gets working tokens, and no answer is an error",
    tests: provenBy("oauth/parallel-tokens", "leaves every caller with working tokens"),
    guards: [[inSource("oauth/grant-object.ts", "if (body !== undefined) return { body };", "")]],
  },
  {
    id: "A39",
    threat: "A revoked token goes on, or one client revokes another's",
    answer:
      "An access token ends alone, a refresh token with its grant; others' tokens are left alone with 200 (RFC 7009)",
    tests: provenBy("oauth/revocation", "revocation of"),
    guards: [
      libraryGuard("await env.OAUTH_KV.delete(tokenKey);", ""),
      libraryGuard(
        "await this.createOAuthHelpers(env).revokeGrant(grantId, userId);\n\t\treturn true;",
        "return true;",
      ),
      [anyClient, inOAuthLibrary("if (tokenClientId !== clientInfo.clientId) return false;", "")],
      [
        anyClient,
        inOAuthLibrary("if (grantData.clientId !== clientInfo.clientId) return false;", ""),
      ],
    ],
  },
  {
    id: "A39b",
    threat: "An ended grant is refreshed where KV still shows it, and so written back",
    answer: "The grant's object remembers for a day that it has ended: invalid_grant",
    tests: provenBy("oauth/ended-grants", "a grant that has ended is not brought back"),
    guards: [[inSource("oauth/grant-object.ts", "this.#end.reach(Date.now());", "")]],
  },
];
