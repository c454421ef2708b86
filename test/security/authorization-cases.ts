import { inOAuthLibrary, inSource, libraryGuard, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const BEGIN_CONSENT = "const { handle, headers } = await oauth.beginConsent(request);";

/** A consent page that is left out where a browser's cookies match. */
const skipConsent = (cookies: string) =>
  inSource(
    "oauth/sign-in-pages.tsx",
    BEGIN_CONSENT,
    `if (${cookies}.test(req.header("cookie") ?? "")) {
      const { state, headers } = await oauth.beginUpstream(request, { data: { verifier: "" } });
      return redirect(signIn.authorizeUrl({ redirectUri, state, codeChallenge: "", scopes: [] }), headers);
    }
    ${BEGIN_CONSENT}`,
  );

const COOKIE = "${name}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=${maxAge}";

const withoutAttribute = (attribute: string) =>
  libraryGuard(COOKIE, COOKIE.replace(`; ${attribute}`, ""));

/** A handle or state counts as unused for ever: the library's own deletion in KV is off as well. */
const usedOften = [
  inOAuthLibrary("consume: () => kv.delete(key)", "consume: async () => void 0"),
  inSource(
    "oauth/sign-in-pages.tsx",
    "if (await isFirstUse(env, kind, handle)) return;",
    "if (true) return;",
  ),
];

/** The browser's road from the authorization request to the client's code. */
export const authorizationCases: readonly SecurityCase[] = [
  {
    id: "A1",
    threat: "A code is sent to an address that the client did not register",
    answer:
      "The redirect URI must be the registered one, byte for byte; else 400 on a page, and no redirect",
    tests: provenBy("oauth/redirect-uris", "a redirect URI gets a page and no redirect"),
    guards: [
      libraryGuard(
        "return requestUri === registered;",
        "return requestUri.startsWith(registered);",
      ),
      libraryGuard(
        "if (!redirectUri || !isValidRedirectUri(redirectUri, clientInfo.redirectUris)) throw",
        "if (!redirectUri) throw",
      ),
    ],
  },
  {
    id: "A2",
    threat: "The freedom of ports on loopback is stretched to other paths, hosts or people",
    answer: "Another port is taken (RFC 8252, section 7.3); anything else that differs gets 400",
    tests: provenBy("oauth/redirect-uris", "a redirect URI on this computer"),
    guards: [
      libraryGuard(" && reqUrl.hostname === regUrl.hostname", ""),
      libraryGuard(" && reqUrl.pathname === regUrl.pathname", ""),
      libraryGuard(" && reqUrl.search === regUrl.search", ""),
      libraryGuard('normalized.includes("#") || url.username || url.password', "false"),
    ],
  },
  {
    id: "A4",
    threat: "A client signs people in without PKCE, or with a method that anyone can answer",
    answer: "invalid_request to the client, with state and iss, and no code (RFC 7636, OAuth 2.1)",
    tests: provenBy("oauth/pkce", "goes back to the client without a code"),
    guards: [
      libraryGuard(
        "if (!server.codeChallengeMethods.includes(effectiveMethod)) throw",
        "if (false) throw",
      ),
      [
        inOAuthLibrary('client.tokenEndpointAuthMethod === "none") throw', "false) throw"),
        inSource(
          "oauth/authorization-request.ts",
          '!S256_CHALLENGE.test(request.codeChallenge ?? "")',
          "false",
        ),
      ],
    ],
  },
  {
    id: "A12",
    threat: "A client takes another server's answer for this one's (mix-up)",
    answer: "Every redirect to a client names the issuer in iss (RFC 9207)",
    tests: provenBy(
      "sign-in",
      "sends the client an error with state and iss for no PKCE",
      "gets its code with state and iss",
    ),
    guards: [
      libraryGuard('redirect.searchParams.set("iss", request.issuer)', "void 0"),
      libraryGuard('redirectUrl.searchParams.set("iss", options.request.issuer)', "void 0"),
    ],
  },
  {
    id: "A15",
    threat: "A consent form is sent from another browser, with another handle, or twice",
    answer:
      "The handle is bound to the browser's cookie, works once, and only if it was given out; else 400",
    tests: provenBy("oauth/consent", "is refused"),
    guards: [
      libraryGuard(
        "const bound = readCookie(request, cookieName);",
        "const bound = readCookie(request, cookieName) ?? hash;",
      ),
      libraryGuard("if (!timingSafeEqual(hash, bound))", "if (false)"),
      usedOften,
    ],
  },
  {
    id: "A16",
    threat: "A page frames, scripts, stores or leaks the consent page",
    answer: "No framing, no script, nothing from elsewhere, no cache, no referrer",
    tests: provenBy("sign-in", "cannot be framed, cached, or run a script"),
    guards: [
      [inSource("pages/render-page.ts", "; frame-ancestors 'none'", "")],
      [inSource("pages/render-page.ts", "default-src 'none'; ", "")],
      [inSource("pages/render-page.ts", 'headers.set("referrer-policy", "no-referrer");', "")],
      [
        inSource("pages/render-page.ts", 'headers.set("x-frame-options", "DENY");', ""),
        inOAuthLibrary('"X-Frame-Options": "DENY"', ""),
      ],
    ],
  },
  {
    id: "A18",
    threat:
      "A client rides on what the person once allowed another, or allowed for less (confused deputy)",
    answer: "Nothing is remembered: the consent page stands before GitHub on every sign-in",
    tests: provenBy("oauth/consent", "is asked again when"),
    guards: [[skipConsent("/__Host-oauth-upstream/")]],
  },
  {
    id: "A19",
    threat: "A browser shows an approval that it made up",
    answer: "No approval is read from a cookie; the consent page is shown",
    tests: provenBy("oauth/consent", "is asked again although"),
    guards: [[skipConsent("/__Host-oauth-approvals/")]],
  },
  {
    id: "A20",
    threat: "Somebody's sign-in is finished in another browser (login CSRF), or twice",
    answer:
      "The state is bound to the browser's cookie, is of its own kind, and works once; else 400",
    tests: provenBy("oauth/callback", "the way back from GitHub is refused"),
    guards: [
      libraryGuard(
        "const bound = readCookie(request, cookieName);",
        "const bound = readCookie(request, cookieName) ?? hash;",
      ),
      libraryGuard("if (record.kind !== kind) throw expired;", ""),
      usedOften,
    ],
  },
  {
    id: "A21",
    threat:
      "A consent form or a way back from GitHub is sent ten times at once, or where KV still shows it as new",
    answer: "An object of its own lets the first one pass; the others get 400 on a page",
    tests: [
      ...provenBy("oauth/used-once", "what was used"),
      ...provenBy("oauth/consent", "a consent form that is sent ten times at once"),
      ...provenBy("oauth/callback", "the way back from GitHub that is taken ten times at once"),
    ],
    guards: [
      [
        inSource(
          "oauth/sign-in-pages.tsx",
          'denyConsent(req.raw, handle);\n      await useOnce(env, "consent", handle);',
          "denyConsent(req.raw, handle);",
        ),
      ],
      [
        inSource(
          "oauth/sign-in-pages.tsx",
          '{ scope });\n    await useOnce(env, "consent", handle);',
          "{ scope });",
        ),
      ],
      [inSource("oauth/sign-in-pages.tsx", 'await useOnce(env, "state",', "void (")],
      [inSource("oauth/once-object.ts", "if (kv.get(CLAIMED)) return false;", "")],
    ],
  },
  {
    id: "A22",
    threat: "A client waits for ever when the person declines at GitHub",
    answer: "access_denied to the client, with state and iss (RFC 6749, section 4.1.2.1)",
    tests: provenBy("oauth/callback", "goes back to the client when the person declines"),
    guards: [[inSource("oauth/sign-in-pages.tsx", 'error === "access_denied"', "false")]],
  },
  {
    id: "A23",
    threat: "GitHub refuses the code, fails, hangs or answers nonsense",
    answer:
      "A page that says how to go on, within 7 seconds: 400 for a refused code, else 502; nothing of GitHub's answer is shown",
    tests: [
      ...provenBy("sign-in-faults", "ends on a page that says how to go on"),
      ...provenBy("oauth/callback", "ends on a page when GitHub's token endpoint never answers"),
    ],
    guards: [
      [inSource("pages/sign-in-stopped.tsx", "error instanceof GitHubRefusal", "false")],
      [inSource("pages/sign-in-stopped.tsx", "error instanceof GitHubOutage ||", "")],
      [inSource("github/sign-in.ts", "if (!token.success) throw", "if (false) throw")],
      [
        inSource(
          "github/fetch.ts",
          "init.signal ?? AbortSignal.timeout(GITHUB_TIMEOUT_MS)",
          "init.signal",
        ),
      ],
    ],
  },
  {
    id: "A23b",
    threat: "GitHub grants fewer scopes than were asked for",
    answer: "The client gets no scope that GitHub's token does not have",
    tests: provenBy("oauth/callback", "allows no private repositories"),
    guards: [
      [
        inSource(
          "oauth/complete-sign-in.ts",
          "withinUpstream(request.scope, token)",
          "request.scope",
        ),
      ],
    ],
  },
  {
    id: "A24",
    threat: "A cookie of the sign-in reaches a script, another host, or plain HTTP",
    answer: "__Host- names, Secure, HttpOnly, SameSite=Lax, ten minutes at most",
    tests: provenBy("oauth/cookies", "the cookies of a sign-in"),
    guards: [
      withoutAttribute("Secure"),
      withoutAttribute("HttpOnly"),
      withoutAttribute("SameSite=Lax"),
      libraryGuard("TRANSACTION_TTL_SECONDS = 600", "TRANSACTION_TTL_SECONDS = 86400"),
      [
        inOAuthLibrary(
          'DEFAULT_COOKIE_PREFIX = "__Host-oauth-"',
          'DEFAULT_COOKIE_PREFIX = "oauth-"',
        ),
        inOAuthLibrary('!prefix.startsWith("__Host-")', "false"),
      ],
    ],
  },
  {
    id: "A46",
    threat: "A client's state is long, in any script, or meant to add headers and parameters",
    answer: "It comes back as it was, encoded as one parameter",
    tests: provenBy("oauth/client-state", "as it was"),
    guards: [
      libraryGuard(
        'redirectUrl.searchParams.set("state", options.request.state)',
        "redirectUrl.search += `&state=${options.request.state}`",
      ),
      libraryGuard(
        'redirect.searchParams.set("state", request.state)',
        "redirect.search += `&state=${request.state}`",
      ),
    ],
  },
  {
    id: "A47",
    threat: "Somebody takes over a login that a person gave up",
    answer: "Grants belong to GitHub's numeric id, never to a login",
    tests: provenBy("sign-in", "whoever takes the login over is another"),
    guards: [
      [
        inSource(
          "oauth/complete-sign-in.ts",
          "userId: String(identity.id)",
          "userId: identity.login",
        ),
      ],
    ],
  },
];
