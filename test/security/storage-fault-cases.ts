import { inSource, provenBy } from "./guards.ts";
import type { SecurityCase } from "./security-case.ts";

/** What becomes of everyone when KV or a Durable Object fails. */
export const storageFaultCases: readonly SecurityCase[] = [
  {
    id: "D6",
    threat: "KV that fails ends sign-ins, or crashes in a language that its reader does not speak",
    answer:
      "503 with Retry-After within ten seconds: JSON-RPC for MCP, OAuth's words for programs, a page for people",
    tests: provenBy(
      "faults/kv",
      "is answered as it should be while KV fails to",
      "is not waited for when it takes for ever",
    ),
    guards: [
      [
        inSource("storage.ts", "const OPERATION_MS = 4_000;", "const OPERATION_MS = 40_000;"),
        inSource("storage.ts", "const TOTAL_MS = 8_000;", "const TOTAL_MS = 80_000;"),
      ],
      [
        inSource(
          "mcp/protected-resource.ts",
          "response.status === 503 && !response.body",
          "response.status === 504",
        ),
      ],
      [inSource("oauth/answer-faults.ts", "return isStorageFault(error)", "return Date.now() < 0")],
      [inSource("pages/sign-in-stopped.tsx", "if (isStorageFault(error))", "if (Date.now() < 0)")],
    ],
  },
  {
    id: "D6b",
    threat:
      "A record that is cut or of another shape is taken for none, and the client throws its sign-in away",
    answer:
      "Such a grant or client is a passing failure; such an access token counts as none, so that a refresh replaces it",
    tests: provenBy("faults/kv", "a record that is"),
    guards: [
      [inSource("storage.ts", "if (isReadable(kind, value)) return value;", "return value;")],
      [inSource("storage.ts", 'if (kind === "token") return null;', "")],
      [
        inSource(
          "storage.ts",
          "throw new StorageOutage(`A record is not readable: ${kind}.`);",
          "return null;",
        ),
      ],
    ],
  },
  {
    id: "D6c",
    threat: "Tokens are half written, and the client that tries again is taken for a thief",
    answer: "The grant is written after the access token, so what the client has stays good",
    tests: provenBy("faults/tokens", "leaves a code good for another try"),
    guards: [
      [
        inSource(
          "oauth/grant-store.ts",
          `          held = { key, text, options };
          return;`,
          "          return void (await kv.put(key, text, options));",
        ),
      ],
      [
        inSource(
          "oauth/grant-store.ts",
          "if (before !== undefined) this.#remember(key, before);",
          "",
        ),
      ],
    ],
  },
  {
    id: "D6d",
    threat: "KV shows an old grant, which does not know its newest token, or a list without it",
    answer:
      "The grant's object reads what it wrote from itself; started anew, it says to try again",
    tests: provenBy("faults/tokens", "a KV that shows what was there before"),
    guards: [
      [
        inSource(
          "oauth/grant-object.ts",
          "this.#issued.isNew(hash, Date.now()) ? notSeenYet(asked, response) : response",
          "response",
        ),
      ],
      [
        inSource(
          "oauth/grant-store.ts",
          "const recent = this.#find(key);",
          "const recent = undefined as Recent | undefined;",
        ),
      ],
      [
        inSource(
          "oauth/grant-store.ts",
          "return { ...page, keys: [...page.keys, ...added] };",
          "return added ? page : page;",
        ),
      ],
    ],
  },
  {
    id: "D7",
    threat: "A Durable Object that fails crashes, hangs or signs out whoever needs it",
    answer: "503 with Retry-After, and the next one works; a call says that nothing is lost",
    tests: provenBy("faults/objects", "fails in passing", "says what is wrong when it"),
    guards: [
      [
        inSource(
          "storage.ts",
          "OBJECT_FAULTS.some((fault) => Reflect.get(error, fault) === true)",
          "OBJECT_FAULTS.length === 0",
        ),
      ],
      [inSource("account/caller-tokens.ts", "await answer.catch(unreachable)", "await answer")],
    ],
  },
  {
    id: "D7b",
    threat: "A session whose storage refuses writes leaves its client waiting for ever",
    answer: "What is kept for a client that comes back costs the one that is here nothing",
    tests: provenBy("faults/objects", "that its answer is a stream"),
    guards: [
      [
        inSource(
          "mcp/resumable-agent.ts",
          "await orNot(super.setStreamRequestIds(streamId, requestIds));",
          "await super.setStreamRequestIds(streamId, requestIds);",
        ),
      ],
    ],
  },
  {
    id: "D7c",
    threat: "What fails in a session's object is printed as it is, whatever it says",
    answer: "It is logged as everything is: by name and message, redacted",
    tests: provenBy("faults/objects", "a session that cannot be initialized"),
    guards: [
      [
        inSource(
          "mcp/resumable-agent.ts",
          "override onError(...thrown: unknown[]): never {",
          "onErrorOfNobody(...thrown: unknown[]): never {",
        ),
      ],
    ],
  },
  {
    id: "D9",
    threat: "A deploy in the middle of a sign-in, or with streams open, leaves somebody stuck",
    answer:
      "What a sign-in needs is in KV; streams end, sessions go on, and a message for a stream that is gone gets 404, so that its client opens another",
    tests: provenBy("faults/restart", "a deploy after", "a deploy with streams open"),
    guards: [
      [
        inSource(
          "mcp/session-agent.ts",
          "if (!this.getWebSocket()) return new Response(null, { status: 404 });",
          "",
        ),
      ],
    ],
  },
];
