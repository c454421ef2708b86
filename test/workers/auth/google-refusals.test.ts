import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { IdTokenOptions } from "../../../emulator/google-id-token.ts";
import {
  AUDIENCE,
  callOnce,
  checkOf,
  CI,
  ENTRANCES,
  type GoogleServer,
  startGoogleServer,
} from "../../support/google.ts";
import { openSession, send, toolCall } from "../../support/rpc.ts";

let server: GoogleServer;
beforeAll(async () => {
  server = await startGoogleServer();
});
afterAll(() => server.close());
beforeEach(() => server.harness.clearLogs());

const now = () => Math.floor(Date.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

function headerOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

/** A token that nobody at Google signed, under the name of the key with which Google signs now. */
function forged(options: IdTokenOptions = {}): string {
  const { kid } = headerOf(server.google.mint());
  return server.google.mint({
    signedBy: "stranger",
    ...options,
    header: { kid, ...options.header },
  });
}

/** A true token whose payload was exchanged after it was signed. */
function altered(claims: Record<string, unknown>): string {
  const [header, payload = "", signature] = server.google.mint().split(".");
  const said: object = JSON.parse(Buffer.from(payload, "base64url").toString());
  return [header, encode({ ...said, ...claims }), signature].join(".");
}

const claiming = (claims: Record<string, unknown>) => () => server.google.mint({ claims });
const minted = (options: IdTokenOptions) => () => server.google.mint(options);

/** What is wrong with a token, how it is made, and the check that it fails. */
const WRONG: [what: string, make: () => string, check: string][] = [
  ["has the signature of another key", () => forged(), "signature"],
  ["was altered after it was signed", () => altered({ sub: "1" }), "signature"],
  ["has lost its signature", () => server.google.mint().replace(/[^.]+$/, ""), "signature"],
  ["says alg: none", minted({ signature: "none" }), "algorithm"],
  ["is signed with Google's public key as a secret", minted({ signature: "HS256" }), "algorithm"],
  ["says another algorithm", minted({ header: { alg: "RS512" } }), "algorithm"],
  ["names no key", minted({ header: { kid: undefined } }), "key"],
  ["names a key that Google does not publish", minted({ signedBy: "stranger" }), "key"],
  [
    "brings its own key",
    minted({ signedBy: "stranger", header: { jku: "http://localhost:1/", jwk: { kty: "RSA" } } }),
    "key",
  ],
  ["asks for an extension", minted({ header: { crit: ["exp"], exp: 1 } }), "form"],
  ["has no claims", () => server.google.mint().replace(/\.[^.]+\./, ".eyJub25zZW5zZQ."), "form"],
  ["is from another issuer", claiming({ iss: "https://issuer.example" }), "issuer"],
  [
    "is from an issuer of a similar name",
    claiming({ iss: "https://accounts.google.com.evil.example" }),
    "issuer",
  ],
  [
    "is from an issuer who signs with keys of their own",
    minted({
      signedBy: "stranger",
      claims: { iss: "https://token.actions.githubusercontent.com" },
    }),
    "issuer",
  ],
  ["names no issuer", claiming({ iss: undefined }), "issuer"],
  ["is for another service", claiming({ aud: "https://other.example" }), "audience"],
  ["is for an audience with a slash more", claiming({ aud: `${AUDIENCE}/` }), "audience"],
  ["is for an audience in capitals", claiming({ aud: AUDIENCE.toUpperCase() }), "audience"],
  [
    "is for this service and another one",
    claiming({ aud: [AUDIENCE, "https://other.example"] }),
    "audience",
  ],
  ["is for nobody", claiming({ aud: undefined }), "audience"],
  ["has expired", claiming({ iat: now() - 3700, exp: now() - 60 }), "expired"],
  ["never ends", claiming({ exp: undefined }), "claims"],
  ["ends in ten years", claiming({ exp: now() + 10 * 365 * 86_400 }), "lifetime"],
  ["was made two hours ago", claiming({ iat: now() - 7200 }), "lifetime"],
  ["is not valid yet", claiming({ nbf: now() + 1800 }), "not yet valid"],
  [
    "was made in the future",
    claiming({ iat: now() + 86_400, exp: now() + 90_000 }),
    "not yet valid",
  ],
  ["does not say when it was made", claiming({ iat: undefined }), "claims"],
  ["does not say whose it is", claiming({ sub: undefined }), "claims"],
  ["ends at a time that is no number", claiming({ exp: "tomorrow" }), "claims"],
  ["has no e-mail address", claiming({ email: undefined, email_verified: undefined }), "no e-mail"],
  [
    "has an e-mail address that is not verified",
    claiming({ email_verified: false }),
    "unverified e-mail",
  ],
  [
    "has an e-mail address of which nothing is said",
    claiming({ email_verified: undefined }),
    "unverified e-mail",
  ],
  [
    "has a domain, but an address that is not verified",
    claiming({ email: "ada@octo.example", hd: "octo.example", email_verified: false }),
    "unverified e-mail",
  ],
];

const UNLISTED: [what: string, claims: Record<string, unknown>][] = [
  ["another service account", { email: "stranger@octo-project.iam.gserviceaccount.com" }],
  ["a service account of that name elsewhere", { email: CI.replace("octo-", "other-") }],
  ["a person of another domain", { email: "eve@evil.example", hd: "evil.example" }],
  ["a person whose address alone has the domain", { email: "eve@octo.example" }],
  ["a person of a domain below", { email: "eve@octo.example", hd: "a.octo.example" }],
  [
    "a person whose domain is a listed address",
    { email: "eve@evil.example", hd: "ada@example.com" },
  ],
];

/** Nothing of a token comes back, and nothing of it is in the log. */
function expectNoEcho(token: string, ...texts: string[]): void {
  const logged = JSON.stringify(server.harness.getLogs());
  const parts = token.split(".").filter((part) => part.length > 8);
  for (const text of [logged, ...texts]) {
    for (const part of parts) expect(text).not.toContain(part);
  }
}

describe.each(ENTRANCES)("at the entrance of $era", ({ request }) => {
  it.each(WRONG)(
    "answers 401 and a sentence, and logs the check, to a token that %s",
    async (...row) => {
      const [, make, check] = row;
      const token = make();

      const response = await send(server, { ...request, token });

      expect(response.status).toBe(401);
      expect(response.headers.get("www-authenticate")).toMatch(
        /^Bearer .*resource_metadata="[^"]+".*error="invalid_token"/,
      );
      const text = await response.text();
      const { error, error_description: sentence } = JSON.parse(text) as Record<string, string>;
      expect(error).toBe("invalid_token");
      expect(sentence).toMatch(/^[A-Z][\x20\x21\x23-\x5b\x5d-\x7e]{20,150}\.$/);
      expect(checkOf(server, response)).toBe(check);
      expectNoEcho(token, text, JSON.stringify([...response.headers]));
    },
  );

  it.each(UNLISTED)(
    "answers 403 and whom to ask, and logs the check, to %s",
    async (_who, claims) => {
      const token = server.google.mint({ claims });

      const response = await send(server, { ...request, token });

      expect(response.status).toBe(403);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({
        error: "access_denied",
        error_description: expect.stringContaining("Ask its operator"),
      });
      expect(checkOf(server, response)).toBe("not listed");
      expectNoEcho(token, text, JSON.stringify([...response.headers]));
    },
  );
});

describe("what only looks like an ID token", () => {
  it.each([
    [
      "is longer than any of Google's",
      () => server.google.mint({ claims: { more: "x".repeat(4096) } }),
    ],
    ["has four parts", () => `${server.google.mint()}.more`],
    ["has two parts", () => server.google.mint().replace(/\.[^.]*$/, "")],
    ["is no JSON in its header", () => server.google.mint().replace("eyJ", "abc")],
  ])("is refused by its form when it %s", async (_what, make) => {
    const response = await callOnce(server, make());

    expect(response.status).toBe(401);
    expect(checkOf(server, response)).toBe("form");
  });
});

describe("a session", () => {
  it("ends nothing, and answers 401, when it is continued with a token that has expired", async () => {
    const sessionId = await openSession(server, server.google.mint());
    const message = toolCall("whoami");
    const expired = server.google.mint({ claims: { iat: now() - 3700, exp: now() - 60 } });

    const refused = await send(server, { token: expired, sessionId, message });
    const next = await send(server, { token: server.google.mint(), sessionId, message });

    expect(refused.status).toBe(401);
    expect(next.status).toBe(200);
  });
});

describe("tokens of others", () => {
  it("cost Google no request", async () => {
    await server.redeploy({});
    server.google.clearRequests();
    const claims = { iss: "https://issuer.example" };
    const tokens = [
      server.google.mint({ signedBy: "stranger", claims }),
      server.google.mint({ signature: "none" }),
      server.google.mint({ signature: "HS256" }),
      server.google.mint({ header: { kid: undefined } }),
    ];

    const answers = await Promise.all(tokens.map((token) => callOnce(server, token)));

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(server.google.requests()).toEqual([]);
  });
});
