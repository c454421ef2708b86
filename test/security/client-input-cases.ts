import { inSource, libraryGuard, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const REGISTRATION = "oauth-input/registration";
const ADDRESS = "oauth-input/document-address";

/** What a stranger can say about a client, and what is answered. */
export const clientInputCases: readonly SecurityCase[] = [
  {
    id: "A25",
    threat: "A client registers an address that runs a script, hides its host, or is anybody's",
    answer: "400 invalid_redirect_uri",
    tests: provenBy(REGISTRATION, "is refused for the redirect URI", "its redirect URIs are"),
    guards: [
      [inSource("limits/redirect-uris.ts", '!hostname.includes("*")', "true")],
      [inSource("limits/redirect-uris.ts", "!SCRIPT_SCHEMES.has(protocol)", "true")],
      [inSource("limits/redirect-uris.ts", 'username === "" && password === ""', "true")],
      [inSource("limits/redirect-uris.ts", ' || uri.includes("#")', "")],
      [inSource("limits/redirect-uris.ts", "!uris.some(canReceiveCode)", "false")],
    ],
  },
  {
    id: "A26",
    threat: "A logo or home page that is a script",
    answer: "400 invalid_client_metadata; no page of ours loads or links either",
    tests: provenBy(REGISTRATION, "a javascript: logo", "a javascript: home page"),
    guards: [
      libraryGuard(
        'if (parsed.protocol !== "http:" && parsed.protocol !== "https:") throw',
        "if (false) throw",
      ),
    ],
  },
  {
    id: "A27",
    threat: "A client's name carries markup, or characters that change how it is read",
    answer: "Shown as inert text, without what cannot be seen, cut to 80 characters, unverified",
    tests: provenBy("sign-in", "shows a hostile client name as inert text"),
    guards: [
      [inSource("oauth/consent-facts.ts", "removeInvisible(name)", "name")],
      [
        inSource(
          "oauth/consent-facts.ts",
          "const MAX_NAME_CHARACTERS = 80;",
          "const MAX_NAME_CHARACTERS = 999;",
        ),
      ],
    ],
  },
  {
    id: "A28",
    threat: "A stranger has much stored: long names, thousands of addresses",
    answer: "413 above 16 KiB as they arrive; 400 above ten addresses, 200 and 2,048 characters",
    tests: provenBy(
      REGISTRATION,
      "gets 413",
      "its redirect URIs are",
      "is refused as invalid metadata for",
      "is refused for the redirect URI",
    ),
    guards: [
      [
        inSource(
          "oauth/registration-endpoint.ts",
          "MAX_REGISTRATION_BYTES = 16 * 1024",
          "MAX_REGISTRATION_BYTES = 1024 * 1024",
        ),
      ],
      [inSource("limits/redirect-uris.ts", "MAX_REDIRECT_URIS = 10;", "MAX_REDIRECT_URIS = 9999;")],
      [
        inSource(
          "limits/redirect-uris.ts",
          "MAX_REDIRECT_URI_CHARACTERS = 2_048;",
          "MAX_REDIRECT_URI_CHARACTERS = 9_999;",
        ),
      ],
      [
        inSource(
          "limits/registration.ts",
          "MAX_NAME_CHARACTERS = 200;",
          "MAX_NAME_CHARACTERS = 9_999;",
        ),
      ],
      [
        inSource(
          "limits/registration.ts",
          "MAX_TEXT_CHARACTERS = 2_048;",
          "MAX_TEXT_CHARACTERS = 9_999;",
        ),
      ],
    ],
  },
  {
    id: "A30",
    threat: "A page of another site registers clients without the browser asking first",
    answer: "415: only application/json is taken, for which a browser asks",
    tests: provenBy(REGISTRATION, "gets 415"),
    guards: [
      [
        inSource(
          "oauth/registration-endpoint.ts",
          'if (!isJson(headers.get("content-type")))',
          "if (false)",
        ),
      ],
    ],
  },
  {
    id: "A31",
    threat: "A client id is an address with two readings: dot segments, user names, fragments",
    answer: "400 on a page, 401 invalid_client for a token, and nothing is loaded",
    tests: provenBy(ADDRESS, "a client whose document's address is malformed"),
    guards: [[inSource("limits/client-id.ts", "!isWellFormed(clientId)", "false")]],
  },
  {
    id: "A32",
    threat: "A client id makes the server ask its own network, its own host, or an IP address",
    answer: "400 on a page, 401 invalid_client for a token, and nothing is loaded",
    tests: provenBy(ADDRESS, "a client whose document's address is not on the public internet"),
    guards: [
      [inSource("limits/client-id.ts", "!isPublicHost(host)", "false")],
      [inSource("limits/client-id.ts", "host === ownHost", "false")],
      [inSource("limits/client-id.ts", '.hostname.replace(/\\.$/, "")', ".hostname")],
      [inSource("limits/public-host.ts", "!PRIVATE_SUFFIX.test(hostname)", "true")],
      [inSource("oauth/token-endpoint.ts", "if (description)", "if (false)")],
    ],
  },
  {
    id: "A33",
    threat: "With an open redirect on a well-known site, any document passes for that site's",
    answer: "Redirects are not followed, and only a 200 of a JSON type counts: 400 on a page",
    tests: provenBy(
      "client-metadata",
      "when its address redirects",
      "when its document is a web page",
    ),
    guards: [
      [inSource("oauth/client-document.ts", 'redirect: "manual"', 'redirect: "follow"')],
      [
        inSource(
          "oauth/client-document.ts",
          'if (!isJson(response.headers.get("content-type")))',
          "if (false)",
        ),
      ],
    ],
  },
  {
    id: "A33b",
    threat: "A client's metadata document never arrives, and holds the request",
    answer: "Ended after 4 seconds: 400 on a page, temporarily_unavailable for a token",
    tests: provenBy("client-metadata", "is refused in time when its document never arrives"),
    guards: [[inSource("oauth/client-document.ts", "DEADLINE_MS = 4_000", "DEADLINE_MS = 40_000")]],
  },
  {
    id: "A33c",
    threat: "A metadata document speaks for another client, is huge, or gives secrets away",
    answer: "400 on a page",
    tests: provenBy(
      "client-metadata",
      "names another client",
      "contains a secret",
      "contains a private key",
      "is larger than 5 KB",
    ),
    guards: [
      libraryGuard("if (metadata.clientId !== metadataUrl) throw", "if (false) throw"),
      libraryGuard(
        'if ("client_secret" in raw || "client_secret_expires_at" in raw) throw',
        "if (false) throw",
      ),
      libraryGuard(
        "if (Object.keys(key).some((member) => PRIVATE_JWK_MEMBERS.has(member))) throw",
        "if (false) throw",
      ),
      libraryGuard("const CIMD_MAX_SIZE_BYTES = 5 * 1024;", "const CIMD_MAX_SIZE_BYTES = 5e6;"),
    ],
  },
];
