import { inSource, provenBy } from "./guards.ts";
import type { Guard, SecurityCase } from "./security-case.ts";

const anyoneOwnsAnySession: Guard = [
  inSource(
    "mcp/session-guard.ts",
    "if (await ids.belongsTo(id, caller)) return false;",
    "if (id !== caller.grantId) return false;",
  ),
];

/** What can be done to a session, or left behind by one. */
export const sessionCases: readonly SecurityCase[] = [
  {
    id: "B2",
    threat: "A stream goes on after its token has ended or was revoked",
    answer: "It is closed when the token ends, and within a minute after it was revoked",
    tests: provenBy("stream-life", "ends with its token", "after its token was revoked"),
    guards: [
      [inSource("mcp/verify-token.ts", "endsAt: (expiresAt ?? ", "endsAt: (")],
      [
        inSource(
          "mcp/live-stream.ts",
          "return !(await this.#token.isStillValid());",
          "return false;",
        ),
      ],
    ],
  },
  {
    id: "B3",
    threat: "Somebody uses a session whose id was seen in a log or on a screen",
    answer: "The id carries an HMAC over identity and grant: 404 before any object is touched",
    tests: provenBy("session-guard", "is unknown to another person", "takes no message from"),
    guards: [anyoneOwnsAnySession],
  },
  {
    id: "B3b",
    threat: "One client of a person uses the session of another client of theirs",
    answer: "The HMAC covers the grant: 404",
    tests: provenBy("session-guard", "the same person's other grant"),
    guards: [
      [
        inSource(
          "mcp/session-id.ts",
          "JSON.stringify([identityKey(identity), grantId, random])",
          'JSON.stringify([identityKey(identity), grantId && "", random])',
        ),
      ],
    ],
  },
  {
    id: "B3c",
    threat: "Somebody reads the storage of sessions",
    answer: "It holds a reference to the person and the grant, and no token",
    tests: provenBy("session-guard", "keeps no token in its storage", "storage either"),
    guards: [
      [
        inSource(
          "mcp/session-library.ts",
          "const props: SessionProps = { identity, grantId };",
          "const props: SessionProps = incoming.call.caller;",
        ),
      ],
      [
        inSource(
          "mcp/session-agent.ts",
          "return { identity, grantId };",
          "return readCall(Object.fromEntries(headers)).caller;",
        ),
      ],
    ],
  },
  {
    id: "B4",
    threat: "After a restart the first caller becomes the session's owner",
    answer: "The verified caller comes with every request; the object remembers nobody to act as",
    tests: provenBy("session-eviction", "is served by another instance"),
    guards: [anyoneOwnsAnySession],
  },
  {
    id: "B5",
    threat: "A client chooses a session's id, or invents ids to fill storage",
    answer: "404, and no object is made",
    tests: provenBy("session-guard", "gets 404 and touches no object"),
    guards: [
      anyoneOwnsAnySession,
      [
        inSource(
          "mcp/session-guard.ts",
          "return id === null ? library.openSse(incoming) : sessionNotFound();",
          'return library.postToSse(incoming, id ?? "").then(() => library.openSse(incoming));',
        ),
      ],
    ],
  },
  {
    id: "B12",
    threat: "A session that has ended is used again, and comes back to life in storage",
    answer: "404, and the object that the lookup woke deletes itself",
    tests: provenBy("session-guard", "answers 404 after it was deleted"),
    guards: [
      [inSource("mcp/session-guard.ts", "ctx.waitUntil(discardObject(namespace, name));", "")],
    ],
  },
  {
    id: "B12b",
    threat: "A message without a session, or a second initialize, is served",
    answer: "400",
    tests: provenBy("session-guard", "gets 400 when it"),
    guards: [
      [
        inSource(
          "mcp/session-guard.ts",
          "return id === null ? library.open(incoming) : invalidRequest(OPEN_ALREADY);",
          "return library.open(incoming);",
        ),
      ],
      [
        inSource(
          "mcp/session-guard.ts",
          "if (id === null) return sessionMissing();",
          "if (id === null) return library.open(incoming);",
        ),
      ],
    ],
  },
  {
    id: "B17",
    threat: "A client sends the library's internal headers or query keys",
    answer: "Four headers pass, and a URL of our own",
    tests: provenBy("session-guard", "have no effect"),
    guards: [
      [
        inSource(
          "mcp/session-request.ts",
          "for (const name of FORWARDED) {",
          "for (const name of [...FORWARDED, ...request.headers.keys()]) {",
        ),
      ],
    ],
  },
  {
    id: "B20",
    threat: "A silent stream is cut by a proxy, or holds a session for a client that is gone",
    answer: "A comment every 25 seconds; where it cannot be delivered, the stream ends",
    tests: provenBy("stream-life", "says that it is alive"),
    guards: [
      [inSource("mcp/live-stream.ts", "if (this.#wasSilent) controller.enqueue(KEEP_ALIVE);", "")],
    ],
  },
  {
    id: "B21",
    threat: "An answer is lost with the connection on which it was sent",
    answer: "It is kept for Last-Event-ID, until it was sent again or for five minutes",
    tests: [
      ...provenBy("session-resume", "gives an answer that was ready", "begins with an id"),
      { file: "unit/mcp/session-events", name: "are kept for five minutes" },
      { file: "unit/mcp/session-events", name: "are not sent after five minutes" },
    ],
    guards: [
      [
        inSource(
          "mcp/resumable-agent.ts",
          "return this.#events;",
          "return super.getEventStore() as never;",
        ),
      ],
      [
        inSource(
          "mcp/session-events.ts",
          "await this.#storage.delete(key);\n    }\n    await this.#streams",
          "}\n    await this.#streams",
        ),
      ],
      [inSource("mcp/session-events.ts", "if (tickOf(key) > oldest) await send", "await send")],
      [inSource("mcp/session-events.ts", "if (tick <= oldest) await", "if (tick < 0) await")],
      [inSource("mcp/posted-answer.ts", "version >= FIRST_PRIMED)", 'version === "never")')],
    ],
  },
  {
    id: "B21b",
    threat: "Somebody resumes another person's stream by its event id",
    answer: "An event id is of use only in the session that made it",
    tests: provenBy("session-resume", "gives nothing to another person"),
    guards: [anyoneOwnsAnySession],
  },
  {
    id: "B21c",
    threat: "A client waits for ever for a call that died with its object",
    answer: "Whoever resumes the stream is told that the server restarted",
    tests: provenBy("session-resume", "answers a call that died"),
    guards: [
      [inSource("mcp/resumable-agent.ts", "if (this.#running.has(streamId)) return;", "return;")],
    ],
  },
  {
    id: "B21d",
    threat: "A call that was cancelled keeps its stream, and its session, open",
    answer: "The stream ends without an answer",
    tests: provenBy("session-resume", "ends without an answer when its call was cancelled"),
    guards: [
      [
        inSource(
          "mcp/posting-agent.ts",
          "if (answer) return answer.forgo(requestId);",
          "if (answer) return;",
        ),
      ],
    ],
  },
  {
    id: "B22",
    threat: "A client of 2024-11-05 that reconnects takes over an old session",
    answer: "Every stream opens a session of its own; a chosen id gets 404",
    tests: provenBy("session-guard", "gets 404 and touches no object", "an SSE stream"),
    guards: [
      [
        inSource(
          "mcp/session-guard.ts",
          "return id === null ? library.openSse(incoming) : sessionNotFound();",
          'return library.postToSse(incoming, id ?? "").then(() => library.openSse(incoming));',
        ),
      ],
    ],
  },
  {
    id: "B23",
    threat: "Abandoned sessions fill storage",
    answer: "A session that nobody uses is deleted after SESSION_IDLE_SECONDS",
    tests: provenBy("session-end", "is deleted with its storage", "leave nothing on disk"),
    guards: [
      [inSource("mcp/session-agent.ts", "await this.wakeWithin(this.#idleSeconds * 1000);", "")],
    ],
  },
  {
    id: "B23b",
    threat: "An open stream keeps a session for ever, after its token has ended",
    answer: "Only a stream whose token lives counts as use",
    tests: provenBy("stream-life", "the sessions of streams that have ended"),
    guards: [
      [
        inSource(
          "mcp/session-agent.ts",
          "if (isLive(connection)) isOpen = true;",
          "isOpen = true;",
        ),
        inSource(
          "mcp/session-agent.ts",
          'else connection.close(1000, "The token of this stream has ended");',
          "",
        ),
        inSource(
          "mcp/session-library.ts",
          "stop: () => sockets.forEach((socket) => socket.close(GOING_AWAY)),",
          "stop: () => void (sockets.length + GOING_AWAY),",
        ),
      ],
    ],
  },
];
