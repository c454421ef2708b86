import { inSource, never, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const REFUSALS = "auth/google-refusals";
const KEYS = "auth/google-keys";

/** Callers without a browser: what an ID token of Google must be, and where its keys come from. */
export const waysInCases: readonly SecurityCase[] = [
  {
    id: "W1",
    threat: "Somebody makes an ID token that Google never signed, or alters one",
    answer:
      "RS256 by a key that Google publishes, and nothing else: 401 for `alg: none`, for a shared secret, and for keys that the token brings along",
    tests: provenBy(
      REFUSALS,
      "has the signature of another key",
      "says alg: none",
      "signed with Google's public key as a secret",
      "says another algorithm",
      "brings its own key",
    ),
    guards: [
      [inSource("auth/google-id-token.ts", 'algorithms: ["RS256"],', "")],
      [
        inSource(
          "auth/google-id-token.ts",
          "return (await jwtVerify(presented.token, key, expected)).payload;",
          "return jwtVerify(presented.token, key, expected).then(({ payload }) => payload, () => decodeJwt(presented.token));",
        ),
      ],
    ],
  },
  {
    id: "W2",
    threat: "A token that another issuer signed is taken for Google's",
    answer: "Both of Google's spellings of its name, exactly; Google is not asked about any other",
    tests: provenBy(
      REFUSALS,
      "is from another issuer",
      "is from an issuer of a similar name",
      "is from an issuer who signs with keys of their own",
      "cost Google no request",
    ),
    guards: [
      [
        inSource("auth/google-id-token.ts", "issuer: ISSUERS,", ""),
        inSource(
          "auth/google-id-token.ts",
          'if (!ISSUERS.includes(decodeJwt(presented.token).iss ?? "")) throw refused("issuer");',
          "",
        ),
      ],
      [
        inSource(
          "auth/google-id-token.ts",
          'if (!ISSUERS.includes(decodeJwt(presented.token).iss ?? "")) throw refused("issuer");',
          "",
        ),
      ],
    ],
  },
  {
    id: "W3",
    threat: "A token that was made for another service is used here (confused deputy)",
    answer:
      "Its audience must be one that the operator set, to the letter; a list of audiences is refused",
    tests: provenBy(
      REFUSALS,
      "is for another service",
      "is for an audience with a slash more",
      "is for this service and another one",
    ),
    guards: [
      [inSource("auth/google-id-token.ts", "audience: [...audiences],", "")],
      [
        inSource(
          "auth/google-id-token.ts",
          'if (typeof payload.aud !== "string") throw refused("audience");',
          "payload.aud = String(payload.aud);",
        ),
      ],
    ],
  },
  {
    id: "W4",
    threat: "A stolen ID token is used for longer than Google meant it, or before",
    answer:
      "An hour at most from when it was made, with 30 seconds for clocks; a token that claims more is refused",
    tests: provenBy(
      REFUSALS,
      "has expired",
      "ends in ten years",
      "was made two hours ago",
      "is not valid yet",
      "was made in the future",
      "never ends",
    ),
    guards: [
      [
        inSource(
          "auth/google-id-token.ts",
          "const CLOCK_SKEW_SECONDS = 30;",
          "const CLOCK_SKEW_SECONDS = 300;",
        ),
      ],
      [inSource("auth/google-id-token.ts", "maxTokenAge: MAX_LIFE_SECONDS,", "")],
      never("src/auth/google-id-token.ts", "exp - iat > MAX_LIFE_SECONDS + CLOCK_SKEW_SECONDS"),
    ],
  },
  {
    id: "W5",
    threat: "Somebody types another's address into their account, and is taken for them",
    answer: "Only an address that Google has verified counts (`email_verified`)",
    tests: provenBy(
      REFUSALS,
      "has an e-mail address that is not verified",
      "has an e-mail address of which nothing is said",
      "has a domain, but an address that is not verified",
    ),
    guards: [never("src/auth/google-id-token.ts", "email_verified !== true")],
  },
  {
    id: "W6",
    threat: "An account that nobody listed gets in: by a look-alike, or by the end of its address",
    answer:
      "403 for whoever is not in GOOGLE_PRINCIPALS; a domain is the one that Google vouches for (`hd`), never the part behind the @",
    tests: [
      ...provenBy(
        REFUSALS,
        "logs the check, to another service account",
        "a service account of that name elsewhere",
        "a person of another domain",
        "a person whose address alone has the domain",
        "a person of a domain below",
        "a person whose domain is a listed address",
      ),
      ...provenBy("auth/google", "that list nobody admit nobody"),
      { file: "unit/auth/google-principals", name: "whose address is a domain on the list" },
    ],
    guards: [
      [
        inSource(
          "auth/google-id-token.ts",
          "const scopes = scopesOf(principals, account);",
          'const scopes = scopesOf(principals, account) ?? ["mcp:tools"];',
        ),
      ],
      [
        inSource(
          "auth/google-principals.ts",
          "each.name === hd?.toLowerCase()",
          'each.name === email.split("@")[1]',
        ),
      ],
      [inSource("auth/google-principals.ts", "!isDomain(each) && each.name", "each.name")],
      [
        inSource(
          "auth/google-principals.ts",
          "isDomain(each) && each.name === hd",
          "each.name === hd",
        ),
      ],
    ],
  },
  {
    id: "W7",
    threat: "A listed account gets more than it was given",
    answer:
      "The scopes of its own entry, before those of its domain; a misspelt scope stops the Worker",
    tests: provenBy(
      "auth/google",
      "gets the scopes of an address rather than its domain",
      "with a scope that there is not stop the Worker",
    ),
    guards: [
      [
        inSource(
          "auth/google-principals.ts",
          "(found.scopes.length > 0 ? found.scopes : BASELINE_SCOPES)",
          "ALL_SCOPES",
        ),
      ],
      [inSource("worker.ts", "checkPrincipals(config.google.principals);", "")],
    ],
  },
  {
    id: "W8",
    threat: "The server takes ID tokens although nobody asked for that",
    answer: "Without GOOGLE_AUDIENCES none is looked at, and Google is not asked",
    tests: provenBy("auth/google", "that list no audience switch its tokens off"),
    guards: [never("src/auth/google-id-token.ts", "audiences.size === 0")],
  },
  {
    id: "W9",
    threat:
      "Another account takes over a service's session, or the same address in other hands does",
    answer: "Sessions are bound to Google's number of the account, which is never given again",
    tests: provenBy(
      "auth/google",
      "is not there for another account",
      "is not there for an account that was given the same address later",
    ),
    guards: [
      [inSource("auth/google-id-token.ts", "id: `google:${claims.sub}`", 'id: "google"')],
      [
        inSource(
          "auth/google-id-token.ts",
          "id: `google:${claims.sub}`",
          "id: `google:${account.email}`",
        ),
      ],
    ],
  },
  {
    id: "W10",
    threat: "A key that Google has withdrawn stays good",
    answer:
      "Keys are asked for again each hour; only an outage makes a copy live longer, for a day",
    tests: provenBy(
      KEYS,
      "are good no longer when Google has withdrawn them for an hour",
      "are asked for again when they are an hour old",
      "is survived for a day, and no longer",
    ),
    guards: [
      [
        inSource(
          "auth/google-keys.ts",
          "const FRESH_MS = 60 * 60 * 1000;",
          "const FRESH_MS = 24 * 60 * 60 * 1000;",
        ),
      ],
      [inSource("auth/google-keys.ts", "ageOf(copy) > MAX_AGE_MS ? undefined : ", "")],
    ],
  },
  {
    id: "W11",
    threat: "Google's keys are out of reach, slow, or not keys, and every service is shut out",
    answer:
      "The copy goes on for a day, after three seconds' wait at most; without one the answer is 503, never a refusal",
    tests: provenBy(
      KEYS,
      "is survived with a copy that is two hours old",
      "refuses nobody for good",
      "leaves open whether a key of another name is good",
    ),
    guards: [
      [inSource("auth/google-keys.ts", "if (other) use(other);", "")],
      never("src/auth/google-keys.ts", "!key && isDown"),
    ],
  },
  {
    id: "W12",
    threat: "Tokens with invented key names make the server flood Google, or wait for it",
    answer:
      "One request in half a minute for names that nobody knows; those that wait for its answer are counted by address",
    tests: provenBy(
      KEYS,
      "of names that nobody knows cost Google one request",
      "is answered with 429 when one address has sent too many, and Google is not asked",
    ),
    guards: [
      [inSource("auth/google-keys.ts", "const ASK_AGAIN_MS = 30_000;", "const ASK_AGAIN_MS = -1;")],
      never("src/auth/google-keys.ts", "!keyOf(kid) && !(await mayAsk())"),
    ],
  },
  {
    id: "W13",
    threat: "A client that goes away leaves the others waiting for the keys that it asked for",
    answer: "Each request asks for itself; what is kept are keys, never promises",
    tests: provenBy(KEYS, "are loaded for others while who asked for them first has gone"),
    guards: [
      [
        inSource(
          "auth/google-keys.ts",
          "if (isDue(kid)) await load(asker, kid);",
          "if (isDue(kid)) await (Reflect.get(globalThis, 'shared') ?? (Reflect.set(globalThis, 'shared', load(asker, kid)), Reflect.get(globalThis, 'shared')));",
        ),
      ],
    ],
  },
  {
    id: "W14",
    threat: "A refusal gives the token, or what it says, back to whoever sent it, or to the log",
    answer: "One fixed sentence for each check, and the check's name in the log",
    tests: provenBy(REFUSALS, "answers 401 and a sentence, and logs the check"),
    guards: [
      [
        inSource(
          "auth/google-refusals.ts",
          "return error instanceof errors.JOSEError ? refused(checkOf(error)) : error;",
          "return error instanceof errors.JOSEError ? new CredentialRefused(401, checkOf(error), JSON.stringify(error)) : error;",
        ),
      ],
    ],
  },
];
