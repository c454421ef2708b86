import { inSource, never, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

/** Who may enter, for how long, and which tools there are, as the operator set it. */
export const entryCases: readonly SecurityCase[] = [
  {
    id: "A55",
    threat: "Somebody whom the operator did not name signs in",
    answer:
      "A page with 403 that says whom to ask, and access_denied to the client; nothing is stored, and GitHub's token is deleted there",
    tests: provenBy(
      "entry",
      "refuses everyone else with a page",
      "keeps nothing of who was refused",
      "a list of organisations, with an OAuth App refuses who is no member",
    ),
    guards: [
      never("src/oauth/complete-sign-in.ts", "!(await mayEnter(config, identity, client))"),
      [inSource("oauth/refuse-sign-in.ts", "ctx.waitUntil(forget());", "")],
      [inSource("github/memberships.ts", "return false;", "return true;")],
    ],
  },
  {
    id: "A55b",
    threat: "An invitation counts as membership, or a private membership does not",
    answer:
      "GitHub is asked for the person's own membership under their own token; only an active one counts",
    tests: provenBy(
      "entry",
      "refuses who was only invited",
      "admits a member who keeps that private",
    ),
    guards: [
      [
        inSource(
          "github/memberships.ts",
          'return membership.data.state === "active";',
          "return true;",
        ),
      ],
      [
        inSource(
          "github/memberships.ts",
          "client.rest.orgs.getMembershipForAuthenticatedUser({ org })",
          "client.rest.orgs.get({ org })",
        ),
      ],
    ],
  },
  {
    id: "A55c",
    threat: "Trouble at GitHub lets a stranger in, or shuts a member out for good",
    answer:
      "Without GitHub's word nobody enters: 502 on a page, 503 with Retry-After for a refresh, and no grant ends",
    tests: [
      ...provenBy("entry", "admits nobody on a guess"),
      ...provenBy("entry-refresh", "admits on no guess and ends no grant"),
    ],
    guards: [
      [inSource("github/memberships.ts", "throw error;", "return true;")],
      [inSource("github/memberships.ts", "throw unreadable();", "return true;")],
      [
        inSource(
          "account/entry-check.ts",
          'if (answer.status === "unavailable") return { status: "undecided" };',
          'if (answer.status === "unavailable") return answer;',
        ),
      ],
      [
        inSource(
          "account/entry-check.ts",
          'describeError(error) });\n      return { status: "undecided" };',
          'describeError(error) });\n      return { status: "refused" };',
        ),
      ],
    ],
  },
  {
    id: "A55d",
    threat: "Somebody who was let in stays in after they left the list or the organisation",
    answer:
      "The list is checked with every token, memberships at each refresh; then invalid_grant, and all grants of the person end",
    tests: provenBy(
      "entry-refresh",
      "is turned away at once",
      "list of logins gets invalid_grant with whom to ask",
      "with an OAuth App",
    ),
    guards: [
      [
        inSource(
          "oauth/authorization-server.ts",
          'data && admissionOf(policy, data.identity) !== "refused"',
          "data && Boolean(policy)",
        ),
      ],
      [
        inSource(
          "oauth/on-token-exchange.ts",
          'if (answer.status === "refused") throw notAdmitted(exchange);',
          'if (answer.status === "refused") return stored;',
        ),
      ],
      never("src/account/account-object.ts", 'answer.status === "refused"'),
    ],
  },
  {
    id: "A55e",
    threat:
      "The page for a refused person runs, or links, what somebody wrote into a setting or address",
    answer:
      "Whom to ask is text, and a link only as an e-mail address or an https URL; the way back is the client's validated address alone",
    tests: provenBy(
      "entry",
      "is shown as words, which cannot be markup",
      "is no link when it is",
      "sends the browser to no address but the client's",
    ),
    guards: [
      [
        inSource(
          "pages/not-admitted.tsx",
          "<bdi>{contact}</bdi>",
          "<bdi dangerouslySetInnerHTML={{ __html: contact }} />",
        ),
      ],
      [
        inSource(
          "pages/not-admitted.tsx",
          'URL.canParse(contact) && new URL(contact).protocol === "https:"',
          "URL.canParse(contact)",
        ),
      ],
      [inSource("auth/access-policy.ts", `.replaceAll('"', "'")`, "")],
    ],
  },
  {
    id: "A55f",
    threat: "A tool that the operator switched off is called by its name",
    answer: "It exists in no era, in no session and on no page, and asks for no permission",
    tests: provenBy(
      "tool-settings",
      "READ_ONLY leaves no tool that changes something",
      "TOOLS leaves the tools that it names",
      "asks for no permission on behalf of a tool",
      "is unknown to sessions that were opened before",
    ),
    guards: [
      [inSource("tools/chosen-tools.ts", "(!readOnly || tool.annotations.readOnlyHint)", "true")],
      [
        inSource(
          "tools/chosen-tools.ts",
          "(toolNames.size === 0 || toolNames.has(keyOf(tool)))",
          "true",
        ),
      ],
    ],
  },
  {
    id: "A55g",
    threat: "A slip of the pen in a list switches the limit off, unnoticed",
    answer:
      "Commas without a name, what is no login, an unknown tool and a word for no are faults: the Worker answers 500 until they are mended",
    tests: [
      ...provenBy("tool-settings", "stop the Worker, and its log says why"),
      { file: "unit/config", name: "refuses commas without a name" },
      { file: "unit/config", name: "takes logins in" },
    ],
    guards: [
      [
        inSource(
          "setting-types.ts",
          'text.trim() === "" || /[^\\s,]/.test(text)',
          "text.length >= 0",
        ),
      ],
      [inSource("setting-types.ts", "/^[a-z0-9][a-z0-9_-]*$/", "/^/")],
      never("src/tools/chosen-tools.ts", "unknown.length > 0"),
      never("src/tools/chosen-tools.ts", "chosen.length === 0"),
    ],
  },
];
