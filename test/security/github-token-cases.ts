import { inSource, never, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

const TOKENS = "auth/github-token";
const APP = "auth/github-app";

/** Callers without a browser: personal access tokens of GitHub, and services that reach GitHub as an App. */
export const githubTokenCases: readonly SecurityCase[] = [
  {
    id: "W40",
    threat: "A GitHub token that was made for another use is presented, and passed through",
    answer: "401 without a question to GitHub, unless the operator takes personal tokens",
    tests: provenBy(TOKENS, "says to sign in, and does not ask GitHub"),
    guards: [never("src/auth/github-token.ts", "!config.allowGitHubTokens")],
  },
  {
    id: "W41",
    threat: "A token that GitHub gave to another app is presented as one's own",
    answer:
      "Only what people make for themselves has an accepted shape, also where those are taken",
    tests: provenBy(TOKENS, "another app's user token", "a GitHub App's user token"),
    guards: [[inSource("auth/github-token.ts", "(?:ghp_", "(?:gh[opu]_")]],
  },
  {
    id: "W42",
    threat: "Somebody whom the operator's lists leave out comes with a personal token",
    answer: "The same lists decide, with whom to ask: 403",
    tests: provenBy(TOKENS, "admits who is on it and answers 403"),
    guards: [never("src/auth/github-token.ts", "!(await mayEnter(config, identity, client))")],
  },
  {
    id: "W43",
    threat: "Guessed tokens make this server flood GitHub with questions",
    answer: "Each question counts by address; a verdict, good or bad, stands for a minute",
    tests: provenBy(
      TOKENS,
      "GitHub is asked no more",
      "GitHub is asked once",
      "checked at GitHub once",
    ),
    guards: [
      never("src/auth/github-token.ts", "!isFresh && !(await mayAsk())"),
      [inSource("auth/github-token.ts", "known.until > Date.now()", "known.until > Infinity")],
    ],
  },
  {
    id: "W45",
    threat: "One credential of a person uses the session of another",
    answer: "A session belongs to what the credential belongs to, not to the person alone",
    tests: provenBy(TOKENS, "owns its sessions"),
    guards: [
      [
        inSource(
          "mcp/session-id.ts",
          "identityKey(identity), grantId, random",
          "identityKey(identity), random",
        ),
      ],
    ],
  },
  {
    id: "W46",
    threat: "A service without any access to GitHub calls a GitHub tool",
    answer: "The tool does not exist for it",
    tests: provenBy(APP, "sees the tools that need no GitHub", "has no call of a GitHub tool"),
    guards: [[inSource("tools/tool-context.ts", "!needsGitHub(tool) ||", "true ||")]],
  },
  {
    id: "W47",
    threat:
      "A service reads private repositories of the App's installation without the scope for it",
    answer: "Without `github:private`, only what GitHub calls public is read",
    tests: provenBy(APP, "reads nothing private without the scope"),
    guards: [[inSource("tools/tool-context.ts", 'github.by === "app" ||', "")]],
  },
];
