import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type EventStream, openEvents, type StreamEvent } from "../support/events.ts";
import { openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { openDatabases } from "../support/session-storage.ts";
import { type SignedIn, signIn, tokenRequest } from "../support/sign-in.ts";
import { endTokenIn } from "../support/token-record.ts";

/** Long enough for a sign of life. */
const TOKEN_MS = 60_000;
/** For starting, noticing and telling on a slow machine. */
const SPARE_MS = 20_000;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({
    main: "test/support/entries/watched-sessions.ts",
    settings: { SESSION_IDLE_SECONDS: "2" },
  });
});
afterAll(() => server.close());

const WAIT = toolCall("wait", { ms: 180_000 });

/** Every kind of stream that can be open for long. */
const STREAMS = [
  {
    name: "GET /mcp",
    open: async ({ access_token: token }: SignedIn) =>
      openEvents(server, { token, method: "GET", sessionId: await openSession(server, token) }),
  },
  {
    name: "POST /mcp in a session",
    open: async ({ access_token: token }: SignedIn) =>
      openEvents(server, { token, message: WAIT, sessionId: await openSession(server, token) }),
  },
  {
    name: "GET /sse",
    open: ({ access_token: token }: SignedIn) =>
      openEvents(server, { token, method: "GET", path: "/sse" }),
  },
  {
    name: "POST /mcp without a session",
    open: ({ access_token: token }: SignedIn) =>
      openEvents(server, {
        token,
        headers: {
          "mcp-protocol-version": "2026-07-28",
          "mcp-method": "tools/call",
          "mcp-name": "wait",
        },
        message: {
          ...WAIT,
          params: {
            ...WAIT.params,
            _meta: {
              progressToken: 1,
              "io.modelcontextprotocol/protocolVersion": "2026-07-28",
              "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1.0.0" },
              "io.modelcontextprotocol/clientCapabilities": {},
            },
          },
        },
      }),
  },
] as const;

interface Outcome {
  readonly events: StreamEvent[];
  readonly lastedMs: number;
}

/** Reads a stream until the server ends it, or for longer than any of these may last. */
async function watch(stream: EventStream): Promise<Outcome> {
  const openedAt = Date.now();
  const limit = setTimeout(() => void stream.cut(), TOKEN_MS + SPARE_MS);
  const events = await stream.rest();
  clearTimeout(limit);
  return { events, lastedMs: Date.now() - openedAt };
}

/** A token that is revoked as soon as its stream is open. */
async function openRevoked({ open }: (typeof STREAMS)[number]): Promise<Outcome> {
  const person = await signIn(server, "hubot");
  const stream = await open(person);
  const token = person.access_token;
  await tokenRequest(server, { token, client_id: person.client.client_id });
  return watch(stream);
}

/** Everything waits at the same time, for about a minute. */
let brief: SignedIn[];
let outcomes: { expired: Outcome; revoked: Outcome }[];
beforeAll(async () => {
  brief = [];
  for (const _ of STREAMS) brief.push(await signIn(server, "octocat"));
  for (const { access_token } of brief) await endTokenIn(server, access_token, TOKEN_MS / 1000);
  outcomes = await Promise.all(
    STREAMS.map(async (stream, index) => {
      const [expired, revoked] = await Promise.all([
        stream.open(brief[index]!).then(watch),
        openRevoked(stream),
      ]);
      return { expired, revoked };
    }),
  );
}, 180_000);

describe.each(STREAMS.map(({ name }, index) => ({ name, index })))(
  "an open stream: $name",
  ({ index }) => {
    it("says that it is alive", () => {
      expect(outcomes[index]?.expired.events).toContainEqual({ comment: "keepalive" });
    });

    it("ends with its token", () => {
      expect(outcomes[index]?.expired.lastedMs).toBeGreaterThan(TOKEN_MS / 2);
      expect(outcomes[index]?.expired.lastedMs).toBeLessThan(TOKEN_MS + SPARE_MS);
    });

    it("ends within a minute after its token was revoked", () => {
      expect(outcomes[index]?.revoked.lastedMs).toBeLessThan(TOKEN_MS + SPARE_MS);
    });
  },
);

describe("a token that has ended", () => {
  it("gets 401 and the challenge to refresh it", async () => {
    const response = await send(server, {
      token: brief[0]?.access_token,
      message: toolCall("add"),
    });

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toContain('error="invalid_token"');
  });
});

describe("the sessions of streams that have ended", () => {
  it("are gone, whether or not their clients have closed the connection", async () => {
    const timeout = 60_000;
    await expect.poll(() => openDatabases(server), { timeout, interval: 500 }).toEqual([]);
  }, 90_000);
});
