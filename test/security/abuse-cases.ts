import { inSource, provenBy } from "./guards.ts";
import type { Guard, SecurityCase } from "./security-case.ts";

/** Takes a limit away: whoever asks is admitted. */
function unlimited(name: string, more = ""): Guard {
  const binding = `${name.toUpperCase()}_LIMIT`;
  return [
    inSource(
      "limits/rate-limits.ts",
      `${name}: limit("${name}", env.${binding}${more}),`,
      `${name}: { admits: async () => true },`,
    ),
  ];
}

/** What a server is made to do too often, for too long, or unseen. */
export const abuseCases: readonly SecurityCase[] = [
  {
    id: "A29",
    threat: "A flood of registrations fills storage",
    answer:
      "Ten new clients a minute and address (an IPv6 network of 64 bits counts as one), then 429 with Retry-After",
    tests: provenBy("abuse/registration", "stores at most twenty", "counts as one address"),
    guards: [
      unlimited("registration"),
      [
        inSource(
          "limits/client-address.ts",
          'return address.includes(":") ? networkOf(address) : address;',
          "return address;",
        ),
      ],
    ],
  },
  {
    id: "A29b",
    threat: "A client that registers at each start, or in a loop, is stored each time",
    answer:
      "A public client that is known gets the id that it has, without a write; one with a secret is always new",
    tests: provenBy(
      "abuse/registration",
      "gets the id that it has, without a write",
      "gets an id of its own with",
      "gets an id and a secret of its own each time",
      "is stored anew when half",
    ),
    guards: [
      [
        inSource(
          "oauth/register-once.ts",
          "if (known && isFresh(known)) return answerWith(response, known);",
          "",
        ),
      ],
      [inSource("oauth/register-once.ts", "if (known && isFresh(known))", "if (known)")],
      [
        inSource(
          "oauth/register-once.ts",
          "registrationExpiresAt: _end, ...metadata } = record;",
          "registrationExpiresAt: _end, clientSecret: _secret, ...metadata } = record as any;",
        ),
      ],
      [
        inSource(
          "oauth/register-once.ts",
          "JSON.stringify(metadata)",
          "JSON.stringify(metadata).slice(0, 0)",
        ),
      ],
    ],
  },
  {
    id: "D1",
    threat: "A client begins to sign in, over and over, because its page never opens",
    answer:
      "Twenty consent pages and ten new clients a minute and address, then 429; 1,000 rounds cost at most 60 KV writes, nobody else notices, and it is over with the minute",
    tests: provenBy(
      "abuse/login-loop",
      "costs at most 60 writes",
      "leaves other people",
      "is told on the page",
      "signs in as ever",
    ),
    guards: [unlimited("authorization"), unlimited("registration")],
  },
  {
    id: "D2",
    threat: "The loop in one browser fills its cookies until no request of it is taken",
    answer: "A browser keeps the ten newest sign-ins",
    tests: provenBy("abuse/login-loop", "keeps ten sign-ins"),
    guards: [
      [
        inSource(
          "oauth/sign-in-pages.tsx",
          'for (const cookie of forgetOldSignIns(req.raw)) headers.append("Set-Cookie", cookie);',
          "forgetOldSignIns(req.raw);",
        ),
      ],
    ],
  },
  {
    id: "D3",
    threat: "Clients connect, break off and connect again, and each time leave an object behind",
    answer: "Sixty new sessions a minute and person, on every road, then 429",
    tests: provenBy("abuse/sessions", "opens a bounded number", "keeps nobody else"),
    guards: [
      unlimited("session"),
      [
        inSource(
          "mcp/mcp-service.ts",
          'if (opens && !(await mayOpen(parts, incoming))) return tooManyRequests("new sessions");',
          "",
        ),
      ],
      [
        inSource(
          "mcp/mcp-service.ts",
          'if (!(await mayOpen(parts, incoming))) return tooManyRequests("new sessions");\n        return',
          "return",
        ),
      ],
    ],
  },
  {
    id: "D4",
    threat: "Health checks and probes cost storage, or their challenge turns into something else",
    answer:
      "Without a token no storage, no object and no counter is touched, and the challenge stays 401",
    tests: provenBy("abuse/polling", "and touch no storage"),
    guards: [
      [
        inSource(
          "mcp/protected-resource.ts",
          'response.status === 401 && request.headers.has("authorization")',
          "response.status === 401",
        ),
      ],
    ],
  },
  {
    id: "D5",
    threat: "The tokens of many clients end at once, and ten processes share each",
    answer: "A grant's object answers in turn, and gives its answer again: nobody is left without",
    tests: provenBy("oauth/parallel-tokens", "leaves every caller with working tokens"),
    guards: [
      [
        inSource(
          "oauth/grant-object.ts",
          "const turn = this.#lastTurn.then(",
          "const turn = Promise.resolve().then(",
        ),
      ],
    ],
  },
  {
    id: "D8",
    threat: "Clients read nothing, never finish what they send, or keep silent streams open",
    answer: "Others are answered; a body has 15 seconds, then its request ends",
    tests: [
      ...provenBy("abuse/slow-readers", "clients read nothing", "never finish", "open and silent"),
      ...provenBy("mcp-input/body", "gets 408 after"),
    ],
    guards: [
      [
        inSource(
          "limits/read-body.ts",
          "const MAX_BODY_MS = 15_000;",
          "const MAX_BODY_MS = 15_000_000;",
        ),
      ],
    ],
  },
  {
    id: "D10",
    threat: "A program calls in a loop, and takes the server from everyone",
    answer:
      "600 requests a minute and person, from all clients and addresses together, then 429 with words for the model",
    tests: provenBy(
      "abuse/calls",
      "gets 429 with a time to wait",
      "is told to wait by the SDK",
      "is limited at every address",
      "limits nobody else",
    ),
    guards: [
      unlimited("call", ", MOST_CALLS_A_COUNT"),
      [inSource("limits/batches.ts", "batch.left -= 1;", "")],
      [
        inSource(
          "mcp/protected-resource.ts",
          "options.limits.call.admits(person)",
          "options.limits.call.admits(clientAddress(request))",
        ),
      ],
    ],
  },
  {
    id: "D11",
    threat: "Somebody guesses tokens or codes, each of which costs a look into storage",
    answer:
      "Refused tokens, and requests to the authorization server, count by address: 120 a minute, then 429; good tokens of the address go on working",
    tests: provenBy("abuse/tokens", "tokens is told to wait", "codes is told to wait"),
    guards: [unlimited("address")],
  },
  {
    id: "D12",
    threat: "A client refreshes in a loop, and each time writes",
    answer: "Thirty requests a minute and grant, then 429; the grant stays",
    tests: provenBy("abuse/tokens", "is told to wait, keeps its sign-in", "does not use up"),
    guards: [
      unlimited("token"),
      [
        inSource(
          "oauth/token-endpoint.ts",
          "limits.token.admits(presented.grant)",
          'limits.token.admits(presented.grant.split(":")[0] ?? "")',
        ),
      ],
    ],
  },
  {
    id: "D13",
    threat: "Nobody can tell afterwards who did what, or why somebody was refused",
    answer:
      "One line a decision, with the id of its request, which every answer and every error names",
    tests: [
      ...provenBy(
        "audit/decisions",
        "that a person signed in",
        "that a person said no",
        "that a token was refused",
        "its client revoked it",
        "its person disconnected it",
        "GitHub signed its person out",
        "names its request",
        "names a request by an id of the server's own",
      ),
      ...provenBy("audit/tool-calls", "leaves one line with who", "tells the client its request"),
    ],
    guards: [
      [
        inSource(
          "oauth/grant-object.ts",
          'log("info", "grant.ended", { caller, grant: this.#grantId, why });',
          "{}",
        ),
      ],
      [inSource("oauth/grant-object.ts", 'request.headers.get(REQUEST_ID_HEADER) ?? ""', '""')],
      [
        inSource(
          "request-context.ts",
          "return storage.getStore() ?? newRequest();",
          "return newRequest();",
        ),
      ],
      [
        inSource(
          "mcp/verify-token.ts",
          'else log("info", "token.refused"',
          'else if (Date.now() < 0) log("info", "token.refused"',
        ),
      ],
    ],
  },
  {
    id: "D14",
    threat: "A client forges lines of the log by the trace that it names",
    answer: "Only hexadecimal ids of the W3C's shape are taken over",
    tests: provenBy("audit/tool-calls", "ignores a trace context", "names the client's trace"),
    guards: [
      [
        inSource(
          "mcp/trace-context.ts",
          "/^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}$/",
          "/^(.{0,8})(.*)/s",
        ),
      ],
    ],
  },
];
