import { clientInputCases } from "./client-input-cases.ts";
import { inSource, libraryGuard, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";
import { tokenInputCases } from "./token-input-cases.ts";

const REGISTRATION = "oauth-input/registration";
const TOKEN = "oauth-input/token-request";
const REQUEST = "oauth-input/authorization-request";
const METHODS = "oauth-input/methods";

/** What a stranger can send to the authorization server, and what is answered. */
export const authorizationInputCases: readonly SecurityCase[] = [
  {
    id: "A3",
    threat: "An authorization request says two things at once by repeating a parameter",
    answer: "400 on a page, before anything is looked up",
    tests: provenBy(REQUEST, "that repeats"),
    guards: [[inSource("limits/authorize-query.ts", ").length > 1)", ").length > 99)")]],
  },
  {
    id: "A5",
    threat: "A PKCE challenge that no verifier, or any, would answer",
    answer: "invalid_request to the client unless it is 43 characters of base64url, with S256",
    tests: provenBy(REQUEST, "gets invalid_request for a PKCE challenge"),
    guards: [
      [
        inSource(
          "oauth/authorization-request.ts",
          '!S256_CHALLENGE.test(request.codeChallenge ?? "")',
          "false",
        ),
      ],
    ],
  },
  {
    id: "A6",
    threat: "A client with a secret signs people in without PKCE",
    answer: "invalid_request to the client, with state and iss: MCP asks PKCE of every client",
    tests: provenBy(REQUEST, "of a client with a secret gets invalid_request"),
    guards: [
      [
        inSource(
          "oauth/authorization-request.ts",
          '!S256_CHALLENGE.test(request.codeChallenge ?? "")',
          "false",
        ),
      ],
    ],
  },
  {
    id: "A13",
    threat: "A forged host makes itself the issuer",
    answer: "421, and the host is named nowhere",
    tests: provenBy("hosts", "answers 421"),
    guards: [
      [
        inSource(
          "worker.ts",
          "const origin = servedOrigin(url, config.publicUrl);",
          "const origin: string | undefined = new URL(request.url).origin;",
        ),
      ],
    ],
  },
  {
    id: "A14",
    threat: "request, request_uri, prompt or response_mode change how a request is treated",
    answer: "They are ignored: the person is asked, nothing is loaded, the code is in the query",
    tests: provenBy(REQUEST, "asks the person all the same", "is answered in the query"),
    guards: [
      libraryGuard(
        'const responseType = url.searchParams.get("response_type") || "";',
        'const responseType = url.searchParams.get("response_type") || ""; if (url.searchParams.has("request_uri")) await fetch(url.searchParams.get("request_uri"));',
      ),
      libraryGuard(
        'redirectUrl.searchParams.set("code", authCode);',
        'redirectUrl.hash = "code=" + authCode;',
      ),
    ],
  },
  {
    id: "A17",
    threat: "A scope that does not exist is written into the consent form",
    answer: "It is left out; the baseline and what the person ticked is granted",
    tests: provenBy("sign-in", "grants no scope that does not exist"),
    guards: [
      [
        inSource(
          "oauth/consent-facts.ts",
          "const chosen = ticked.filter(isScope);",
          "return ticked as Scope[]; const chosen = ticked.filter(isScope);",
        ),
        inSource("oauth/authorization-server.ts", "scopesSupported: ALL_SCOPES,", ""),
      ],
    ],
  },
  {
    id: "A17b",
    threat: "A scope parameter that is no list of scopes",
    answer: "invalid_scope to the client; scopes that merely do not exist are left out",
    tests: provenBy(REQUEST, "gets invalid_scope"),
    guards: [
      [
        inSource(
          "oauth/authorization-request.ts",
          "!request.scope.every((scope) => SCOPE_TOKEN.test(scope))",
          "false",
        ),
      ],
    ],
  },
  {
    id: "A43",
    threat: "A page of another site uses what the browser holds for this server",
    answer: "Pages may read these endpoints, but no answer allows or sets a credential",
    tests: provenBy(METHODS, "a page of another site"),
    guards: [
      [
        inSource(
          "oauth/oauth-refusal.ts",
          'headers.set("Vary", "Origin");',
          'headers.set("Vary", "Origin"); headers.set("Access-Control-Allow-Credentials", "true");',
        ),
      ],
      libraryGuard(
        'setUnlessPresent("Access-Control-Max-Age", "86400");',
        'setUnlessPresent("Access-Control-Allow-Credentials", "true");',
      ),
    ],
  },
  {
    id: "A48",
    threat: "A form that begins and never ends holds the request",
    answer: "408 after 4 seconds",
    tests: [
      ...provenBy(TOKEN, "gets 408"),
      ...provenBy(REGISTRATION, "gets 408"),
      ...provenBy(REQUEST, "gets 408"),
    ],
    guards: [[inSource("limits/oauth-body.ts", "MAX_BODY_MS = 4_000", "MAX_BODY_MS = 40_000")]],
  },
  {
    id: "A49",
    threat: "A method that nobody thought of reaches a page",
    answer: "405 with Allow",
    tests: provenBy(METHODS, "answers 405 to"),
    guards: [[inSource("routes.ts", "methods.has(request.method)", "true")]],
  },
  {
    id: "A50",
    threat: "A person's own browser brings nonsense back from GitHub",
    answer: "400 on a page; GitHub is not asked about it",
    tests: provenBy(REQUEST, "when the person's own browser brings"),
    guards: [[inSource("oauth/sign-in-pages.tsx", " || !isCredential(code)", "")]],
  },
  ...clientInputCases,
  ...tokenInputCases,
];
