import { inSource, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const TOKEN = "oauth-input/token-request";

/** What a stranger can send to the token endpoint, and what is answered. */
export const tokenInputCases: readonly SecurityCase[] = [
  {
    id: "A44",
    threat: "A token request of many megabytes, with or without its length",
    answer: "413 above 64 KiB as they arrive; the rest is dropped as it comes",
    tests: provenBy(TOKEN, "gets 413"),
    guards: [
      [inSource("oauth/token-endpoint.ts", "MAX_FORM_BYTES = 64 * 1024", "MAX_FORM_BYTES = 1e9")],
    ],
  },
  {
    id: "A45",
    threat: "A code, token or client id longer than a key in storage, or of no letters at all",
    answer: "400 invalid_grant, 401 invalid_client, or 200 for a revocation; nothing is looked up",
    tests: provenBy(
      TOKEN,
      "invalid_grant for a code with",
      "invalid_grant for a refresh token with",
      "gets invalid_client for a client id with",
      "succeeds for an unknown token with",
    ),
    guards: [
      [inSource("limits/token-form.ts", "if (code && !isCredential(code))", "if (false)")],
      [
        inSource(
          "limits/token-form.ts",
          "if (refreshToken && !isCredential(refreshToken))",
          "if (false)",
        ),
      ],
      [inSource("limits/token-form.ts", "if (!token || isCredential(token))", "if (true)")],
      [
        inSource(
          "limits/client-id.ts",
          "MAX_CLIENT_ID_CHARACTERS = 480",
          "MAX_CLIENT_ID_CHARACTERS = 9e9",
        ),
      ],
    ],
  },
  {
    id: "A45b",
    threat: "An overlong client id hides in HTTP Basic, in an assertion, or behind an empty one",
    answer: "401 invalid_client, with a challenge for Basic",
    tests: provenBy(TOKEN, "behind an empty one", "in an assertion", "a challenge for Basic with"),
    guards: [
      [
        inSource(
          "limits/claimed-client-id.ts",
          "return basicClientId(authorization);",
          "return undefined;",
        ),
      ],
      [
        inSource(
          "limits/claimed-client-id.ts",
          "assertion === undefined ? undefined : assertedClientId(assertion)",
          "undefined",
        ),
      ],
      [
        inSource(
          "limits/claimed-client-id.ts",
          'form.getAll("client_id").find((value) => value !== "")',
          'form.get("client_id")',
        ),
      ],
    ],
  },
  {
    id: "A45c",
    threat: "A code_verifier that is easily guessed",
    answer: "400 invalid_grant for fewer than 43 or more than 128 unreserved characters",
    tests: provenBy(TOKEN, "gets invalid_grant for a code_verifier"),
    guards: [
      [
        inSource(
          "limits/token-form.ts",
          "if (verifier && !isCodeVerifier(verifier))",
          "if (false)",
        ),
      ],
    ],
  },
  {
    id: "A51",
    threat: "A client that is refused cannot tell how to authenticate",
    answer: "Every 401 carries a challenge (RFC 9110, section 15.5.2)",
    tests: provenBy(TOKEN, "gets a challenge with every 401"),
    guards: [[inSource("oauth/token-endpoint.ts", "response.status !== 401", "true")]],
  },
];
