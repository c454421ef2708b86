import { inSource, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

/** What tools take and give, and what becomes of everyone when GitHub fails. */
export const faultCases: readonly SecurityCase[] = [
  {
    id: "C1",
    threat: "A repository's address leads the server elsewhere, or to another path of GitHub's",
    answer:
      "Only the exact host and two names of GitHub's own alphabet are taken; all else is an error of the tool, and nothing is asked",
    tests: provenBy("tools/repository-address", "the address of a repository"),
    guards: [
      [
        inSource(
          "tools/repository-url.ts",
          "return address === text ? text : refuse();",
          "return address.slice(slash + 1);",
        ),
      ],
      [inSource("tools/repository-url.ts", "REPOSITORY.test(repo)", "REPOSITORY !== undefined")],
      [inSource("tools/repository-url.ts", 'repo !== "..";', 'repo !== "...";')],
    ],
  },
  {
    id: "C2",
    threat: "GitHub, or whoever answers for it, sends a request on, and the token with it",
    answer: "One step is followed for a read, on the same origin only",
    tests: provenBy("tools/github-redirects", "a redirect of"),
    guards: [
      [
        inSource(
          "github/fetch.ts",
          "target.origin === new URL(request.url).origin",
          "target.origin",
        ),
      ],
      [
        inSource(
          "github/fetch.ts",
          "if (followed && !redirectTarget(request, followed))",
          "if (followed)",
        ),
      ],
    ],
  },
  {
    id: "C3",
    threat: "A token or secret comes out in an answer, the log or storage",
    answer:
      "Every secret of every road is looked for in all answers, streams, log lines, KV and objects; each is only where the protocol hands it out",
    tests: provenBy(
      "hostile/canary",
      "has logged no secret",
      "keeps no secret in",
      "has given no secret away",
    ),
    guards: [
      [
        inSource(
          "auth/seal.ts",
          "return sealWith(key, plain, owner);",
          "return key && `${VERSION}.${plain}`;",
        ),
        inSource(
          "auth/seal.ts",
          "let cause: unknown;",
          "let cause; if (secrets) return { plain: sealed.slice(VERSION.length + 1), secret: secrets[0] };",
        ),
      ],
    ],
  },
  {
    id: "C4",
    threat: "A tool passes on headers, links or fields that GitHub's answer happens to hold",
    answer: "A tool's answer is made of the fields that its schema names",
    tests: provenBy("tools/user-info-octokit", "returns the fields of a profile and nothing else"),
    guards: [
      [
        inSource(
          "github/profile.ts",
          "return profile.data;",
          "return { ...data, ...profile.data };",
        ),
      ],
    ],
  },
  {
    id: "C5",
    threat: "A README gives the model orders, or hides what it says from people",
    answer:
      "It is data, said to be untrusted before it begins, and loses the characters that a person would not see",
    tests: provenBy(
      "tools/readme-content",
      "shows nothing that a person would not see",
      "a hostile README over",
    ),
    guards: [
      [inSource("tools/untrusted-text.ts", 'return text.replace(INVISIBLE, "");', "return text;")],
      [
        inSource(
          "tools/get-github-readme.ts",
          "[`README of ${repository}.`, notice, UNTRUSTED]",
          "[`README of ${repository}.`, notice]",
        ),
      ],
    ],
  },
  {
    id: "C6",
    threat: "A README without end fills the memory, or the model",
    answer: "It is read up to 128 KiB, and said to be cut; the rest is not loaded",
    tests: provenBy("tools/readme-content", "a README"),
    guards: [
      [inSource("github/readme.ts", "bytes: bytes.subarray(0, limit)", "bytes")],
      [inSource("github/readme.ts", "truncated: total > limit", "truncated: false")],
    ],
  },
  {
    id: "C7",
    threat: "GitHub in trouble crashes a call, or its words and headers reach the model",
    answer:
      "Every kind of trouble is an error of the tool in our words, which says what to do, from one request of ours",
    tests: [
      ...provenBy("tools/github-faults", "says what to do at once when GitHub answers with"),
      ...provenBy("faults/github", "fails the tools that need it"),
    ],
    guards: [
      [inSource("github/client.ts", "throw toToolError(error, server);", "throw error;")],
      [inSource("github/client.ts", "retry: { enabled: false }", "retry: { enabled: true }")],
      [inSource("github/errors.ts", "new URL(link).origin === server.web", "new URL(link).origin")],
      [
        inSource(
          "github/profile.ts",
          "if (!profile.success) throw unreadable();",
          "if (!profile.success) return data;",
        ),
      ],
    ],
  },
  {
    id: "C7b",
    threat: "GitHub that hangs, or drips, holds a call, a sign-in or a refresh",
    answer: "Everything that one call asks of GitHub ends after 7 seconds, the token check after 2",
    tests: [
      ...provenBy("tools/github-slow", "ends in time, and costs one"),
      ...provenBy("faults/github", "stops a sign-in on a page"),
    ],
    guards: [
      [inSource("github/fetch.ts", "GITHUB_TIMEOUT_MS = 7_000", "GITHUB_TIMEOUT_MS = 70_000")],
      [
        inSource(
          "github/sign-in.ts",
          "TOKEN_CHECK_TIMEOUT_MS = 2_000",
          "TOKEN_CHECK_TIMEOUT_MS = 70_000",
        ),
      ],
    ],
  },
  {
    id: "C7c",
    threat: "Trouble at GitHub signs people out",
    answer:
      "Only its own token check, with 404, ends a sign-in; a refresh gives tokens all the same",
    tests: provenBy("faults/github", "stops a sign-in on a page"),
    guards: [
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
    id: "C8",
    threat: "One person whose GitHub hangs or is limited holds up everyone",
    answer: "Nothing is shared between people on the way to GitHub: no queue, no limiter, no retry",
    tests: provenBy("faults/neighbours", "one person who", "one person whose"),
    guards: [
      [
        inSource(
          "github/client.ts",
          "throttle: { enabled: false }",
          "throttle: { enabled: true, onRateLimit: () => true, onSecondaryRateLimit: () => true }",
        ),
      ],
    ],
  },
  {
    id: "C9",
    threat: "An argument that no schema foresaw crashes a tool",
    answer: "Arguments are checked against the tool's schema first: a refusal, never a 5xx",
    tests: provenBy("tools/random-arguments", "are answered or refused, and crash nothing"),
    guards: [
      [inSource("tools/add.ts", 'a: z.number().describe("The first number")', "a: z.any()")],
      [
        inSource(
          "tools/get-github-readme.ts",
          `repositoryUrl: z
      .string()`,
          `repositoryUrl: z
      .any()`,
        ),
      ],
    ],
  },
];
