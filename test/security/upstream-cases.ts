import { inSource, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

/** What becomes of people's GitHub tokens: shared, renewed, superseded, revoked, sealed anew. */
export const upstreamCases: readonly SecurityCase[] = [
  {
    id: "A40",
    threat: "A person revokes the app at GitHub, and clients here go on",
    answer:
      "GitHub's own check is asked when GitHub answers 401 and at each refresh; then every grant of the person with that token ends, whichever client finds it out",
    tests: [
      ...provenBy(
        "dead-token",
        "ends all grants of its person",
        "is found out by a client whose copy",
        "costs GitHub nothing more",
      ),
      ...provenBy("upstream-tokens", "which ends the grant when the person revoked it"),
    ],
    guards: [
      [inSource("mcp/call-tool.ts", 'if (outcome === "signed_out") await onSignedOut();', "")],
      [
        inSource(
          "oauth/on-token-exchange.ts",
          'if (answer.status === "signed_out") throw signedOut();',
          'if (answer.status === "signed_out") return stored;',
        ),
      ],
      [inSource("github/token-source.ts", "const MAX_TOKENS = 3;", "const MAX_TOKENS = 2;")],
      [
        inSource(
          "account/upstream-tokens.ts",
          "await Promise.all(Array.from(this.sets(), (set) => this.checked(set)));",
          "",
        ),
      ],
    ],
  },
  {
    id: "A40b",
    threat: "An outage of GitHub, or a rate limit, is taken for a revocation and signs people out",
    answer: "A token counts as dead only when GitHub's check of it answers 404",
    tests: provenBy(
      "dead-token",
      "during a call",
      "is not assumed when GitHub's token check",
      "costs no sign-in while GitHub",
    ),
    guards: [
      [inSource("github/sign-in.ts", "if (status === 404) return false;", "return false;")],
      [
        inSource(
          "oauth/on-token-exchange.ts",
          'if (answer.status === "unavailable") return stored;',
          'if (answer.status === "unavailable") throw signedOut();',
        ),
      ],
    ],
  },
  {
    id: "A40c",
    threat: "Parallel calls each renew the person's token, and all but one use up what is gone",
    answer: "The person's object renews or checks a token once, and all who wait get the result",
    tests: [
      ...provenBy(
        "shared-token",
        "when it is about to end",
        "when GitHub says that it has ended",
        "check each token once",
      ),
      ...provenBy("dead-token", "is checked once, and ends the grant once"),
    ],
    guards: [[inSource("account/shared-work.ts", "if (running) return running;", "")]],
  },
  {
    id: "A41b",
    threat: "Sign-ins pile up tokens at GitHub, which ends the oldest of more than ten",
    answer:
      "One token a person and scope set: a newer one supersedes it, clients go over to that, and the old one is deleted at GitHub after ten minutes",
    tests: provenBy("shared-token", "leave one live token at GitHub"),
    guards: [
      [
        inSource(
          "account/upstream-tokens.ts",
          "if (plain !== undefined) await this.#signIn.deleteToken(plain);",
          "",
        ),
      ],
      [inSource("github/token-source.ts", "response.status !== 401 ||", "Boolean(response) ||")],
    ],
  },
  {
    id: "A47b",
    threat: "Somebody takes over a login, and with it the account that belonged to it here",
    answer: "Accounts, sessions and sealed tokens are named by GitHub's numeric id",
    tests: provenBy("renamed-person", "whoever takes a login over", "a person who was renamed"),
    guards: [
      [
        inSource(
          "auth/identity.ts",
          "return `${identity.kind}:${identity.id}`;",
          "return `${identity.kind}:${identity.login}`;",
        ),
      ],
    ],
  },
  {
    id: "A53",
    threat: "SERVER_SECRET stays the same for ever, because changing it signs everybody out",
    answer:
      "Former secrets open and check, and make nothing; a refresh seals the person's token with the new one, and then the former one can go",
    tests: [
      ...provenBy("secret-change", "another SERVER_SECRET"),
      { file: "unit/auth/seal", name: "a value sealed with a former secret" },
      { file: "unit/auth/seal", name: "new values" },
    ],
    guards: [
      [
        inSource(
          "auth/seal.ts",
          "for (const secret of secrets)",
          "for (const secret of [secrets[0]])",
        ),
      ],
      [
        inSource(
          "mcp/session-id.ts",
          "for (const secret of secrets)",
          "for (const secret of [secrets[0]])",
        ),
      ],
      [inSource("account/upstream-tokens.ts", "await this.#stored.reseal(token);", "")],
      [
        inSource(
          "auth/seal.ts",
          'const key = await keyFor(secrets[0], purpose, "seal");',
          'const key = await keyFor(secrets.at(-1) ?? "", purpose, "seal");',
        ),
      ],
    ],
  },
  {
    id: "A54",
    threat: "A client gets at private repositories without the person's word",
    answer:
      "The box is empty unless the client asked; a tool that needs more gets 403 with its scopes, and only the consent page widens a grant",
    tests: provenBy(
      "step-up",
      "is refused at",
      "asks for nothing private at first",
      "keeps what it had when the person leaves the box empty",
    ),
    guards: [
      [
        inSource(
          "oauth/consent-facts.ts",
          "checked: details.scope.includes(scope)",
          "checked: true",
        ),
      ],
      [
        inSource(
          "oauth/consent-facts.ts",
          "BASELINE_SCOPES.includes(scope) || chosen.includes(scope)",
          "BASELINE_SCOPES.includes(scope) || chosen !== undefined",
        ),
      ],
      [
        inSource(
          "mcp/required-scopes.ts",
          "return needed.every((scope) => granted.includes(scope)) ? undefined : needed;",
          "return undefined;",
        ),
      ],
    ],
  },
];
