import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type EventStream, openEvents } from "../support/events.ts";
import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { type SignedIn, signIn } from "../support/sign-in.ts";

let server: TestServer;
let octocat: SignedIn;
let hubot: SignedIn;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/watched-sessions.ts" });
  octocat = await signIn(server, "octocat");
  hubot = await signIn(server, "hubot");
});
afterAll(() => server.close());

const VERSION = { "mcp-protocol-version": "2025-11-25" };

/** A tool call in a session of octocat's. */
function call(sessionId: string, name: string, args: Record<string, unknown> = {}, id = 2) {
  return openEvents(server, {
    token: octocat.access_token,
    sessionId,
    headers: VERSION,
    message: toolCall(name, args, id),
  });
}

function listen(sessionId: string, lastEventId?: string, token = octocat.access_token) {
  return openEvents(server, {
    token,
    sessionId,
    method: "GET",
    headers: { ...VERSION, ...(lastEventId !== undefined && { "last-event-id": lastEventId }) },
  });
}

async function instanceOf(sessionId: string): Promise<string> {
  const response = await send(server, {
    token: octocat.access_token,
    sessionId,
    message: toolCall("instance"),
  });
  return (await messageOf(response)).result.content[0].text;
}

/** Calls `wait`, and breaks the connection before its answer. Returns the id to resume with. */
async function cutCall(sessionId: string): Promise<string> {
  const stream = await call(sessionId, "wait", { ms: 300 });
  const first = await stream.next();
  await stream.cut();
  if (!first?.id) throw new Error("The stream began without an id.");
  return first.id;
}

/** The answer to `wait`. */
const WAITED: unknown = expect.stringMatching(/"text":"waited in .*"id":2/);

/** Long enough for any answer here; a stream that goes on has none. */
const NO_MORE_MS = 10_000;

async function restOf(stream: EventStream): Promise<string[]> {
  let goesOn: string[] = [];
  const limit = setTimeout(() => {
    goesOn = ["and the stream goes on"];
    void stream.cut();
  }, NO_MORE_MS);
  const events = await stream.rest();
  clearTimeout(limit);
  return [...events.flatMap(({ data }) => data ?? []), ...goesOn];
}

/** The kept answer, as soon as there is one. */
async function resumed(sessionId: string, lastEventId: string): Promise<string[]> {
  return restOf(await listen(sessionId, lastEventId));
}

/** Longer than a call may take and still be answered by plain JSON. */
const LONG = { ms: 150 };

describe("a call in a session", () => {
  it("is answered by plain JSON when that is all there is to say", async () => {
    const response = await send(server, {
      token: octocat.access_token,
      sessionId: await openSession(server, octocat.access_token),
      headers: VERSION,
      message: toolCall("add", { a: 1, b: 2 }),
    });

    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await response.json()).toMatchObject({ jsonrpc: "2.0", result: {}, id: 2 });
  });
});

describe("a stream of a session", () => {
  it("begins with an id, a time to wait before a retry, and no data", async () => {
    const response = await send(server, {
      token: octocat.access_token,
      sessionId: await openSession(server, octocat.access_token),
      headers: VERSION,
      message: toolCall("wait", LONG),
    });

    expect(await response.text()).toMatch(
      /^id: [\w-]+:0{14}\nretry: 1000\ndata: \n\nevent: message\n/,
    );
  });

  it.each(["2025-06-18", "2025-03-26"])(
    "begins with its answer under %s, whose clients take no event without data",
    async (version) => {
      const response = await send(server, {
        token: octocat.access_token,
        sessionId: await openSession(server, octocat.access_token),
        headers: { "mcp-protocol-version": version },
        message: toolCall("wait", LONG),
      });

      expect(await response.text()).toMatch(/^event: message\nid: /);
    },
  );

  it("gives an answer that was ready before the client came back, once", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const lastEventId = await cutCall(sessionId);
    // Calls in one session run side by side: this one ends after the other.
    await (await call(sessionId, "wait", { ms: 600 }, 3)).rest();

    const answers = await resumed(sessionId, lastEventId);
    const again = await listen(sessionId, lastEventId);
    const superseding = await listen(sessionId);

    expect(answers).toEqual([WAITED]);
    expect(await again.rest()).toEqual([]);
    await superseding.cut();
  });

  it("gives the answer to a client that comes back before it is ready", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const lastEventId = await cutCall(sessionId);

    const answers = await resumed(sessionId, lastEventId);

    expect(answers).toEqual([WAITED]);
  });

  it("ends without an answer when its call was cancelled", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const stream = await call(sessionId, "wait", { ms: 60_000 });
    await stream.next();

    const cancelled = await send(server, {
      token: octocat.access_token,
      sessionId,
      message: { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 2 } },
    });

    expect(cancelled.status).toBe(202);
    expect(await restOf(stream)).toEqual([]);
  });

  it("gives nothing to another person who knows the ids", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const lastEventId = await cutCall(sessionId);

    const foreign = await send(server, {
      token: hubot.access_token,
      sessionId,
      method: "GET",
      headers: { ...VERSION, "last-event-id": lastEventId },
    });
    const ownSession = await openSession(server, hubot.access_token);
    const elsewhere = await listen(ownSession, lastEventId, hubot.access_token);
    const own = await resumed(sessionId, lastEventId);

    expect(foreign.status).toBe(404);
    expect(elsewhere.status).toBe(200);
    await elsewhere.cut();
    expect(own).toEqual([WAITED]);
  });

  it.each(["", ":", "x", "a:b:c", "_GET_stream:", "é:00000000000000", `${"a".repeat(9000)}:1`])(
    "ignores %j as an id to resume from",
    async (lastEventId) => {
      const sessionId = await openSession(server, octocat.access_token);

      const stream = await listen(sessionId, encodeURI(lastEventId));

      expect(stream.status).toBe(200);
      await stream.cut();
    },
  );

  it("answers a call that died with its object, in the next instance", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const before = await instanceOf(sessionId);
    const dying = await call(sessionId, "wait", { ms: 60_000 });
    const first = await dying.next();
    await (
      await send(server, {
        token: octocat.access_token,
        sessionId,
        message: toolCall("abort"),
      })
    ).text();
    await dying.rest();

    const answers = await resumed(sessionId, first?.id ?? "");

    expect(answers).toEqual([expect.stringMatching(/"id":2,"error":.*restarted/)]);
    expect(await instanceOf(sessionId)).not.toBe(before);
  });
});
