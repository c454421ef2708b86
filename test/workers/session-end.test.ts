import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { openEvents } from "../support/events.ts";
import { INITIALIZE, openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { openDatabases } from "../support/session-storage.ts";
import { type SignedIn, signIn } from "../support/sign-in.ts";

const IDLE_SECONDS = 2;

/** How many sessions are abandoned, and ids invented: more of them in `npm run proof`. */
const PROBES = Number(process.env["PROOF_SESSIONS"] ?? 100);

let server: TestServer;
let octocat: SignedIn;
beforeAll(async () => {
  server = await startServer({ settings: { SESSION_IDLE_SECONDS: String(IDLE_SECONDS) } });
  octocat = await signIn(server, "octocat");
});
afterAll(() => server.close());

function post(sessionId: string, message: unknown = toolCall("add", { a: 1, b: 2 })) {
  return send(server, { token: octocat.access_token, sessionId, message });
}

/** Waits until no session keeps anything on disk. */
async function expectNothingStored(timeout = 20_000): Promise<void> {
  await expect.poll(() => openDatabases(server).length, { timeout, interval: 250 }).toBe(0);
}

function inventedId(): string {
  const half = () => crypto.randomUUID().replaceAll("-", "");
  return `${half()}-${half()}`;
}

/** So many at a time, so that the machine is loaded and not drowned. */
async function inTurns<Item>(items: Item[], work: (item: Item) => Promise<unknown>, width = 16) {
  const waiting = [...items];
  async function worker(): Promise<void> {
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item);
  }
  await Promise.all(Array.from({ length: width }, worker));
}

describe("a session that nobody uses", () => {
  it("is deleted with its storage, and its id then answers 404 and leaves nothing", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    expect(openDatabases(server)).toHaveLength(1);
    await expectNothingStored();

    const late = await post(sessionId);

    expect(late.status).toBe(404);
    await expectNothingStored();
  });

  it("lives on while a stream of its is open", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const stream = await openEvents(server, {
      token: octocat.access_token,
      sessionId,
      method: "GET",
    });
    // Another session that is opened later, and gone, shows that the time is over.
    await openSession(server, octocat.access_token);
    await expect.poll(() => openDatabases(server).length, { timeout: 20_000 }).toBe(1);

    const used = await post(sessionId);

    expect(used.status).toBe(200);
    await used.text();
    await send(server, { token: octocat.access_token, sessionId, method: "DELETE" });
    expect(await stream.rest()).toEqual([]);
    await expectNothingStored();
  });
});

describe("many probes", () => {
  it(
    `leave nothing on disk after ${PROBES} abandoned sessions and ${PROBES} invented ids`,
    async () => {
      const many = Array.from({ length: PROBES }, (_, index) => index);
      let most = 0;

      await inTurns(many, async (index) => {
        const message = INITIALIZE;
        const opened = await send(server, { token: octocat.access_token, message });
        await opened.text();
        expect(opened.status).toBe(200);
        if (index % 50 === 0) most = Math.max(most, openDatabases(server).length);
      });
      await inTurns(many, async (index) => {
        const id = inventedId();
        const invented = await send(server, {
          token: octocat.access_token,
          ...(index % 2 ? { sessionId: id } : { path: `/sse/message?sessionId=${id}` }),
          message: toolCall("add"),
        });
        await invented.text();
        expect(invented.status).toBe(404);
      });

      expect(most).toBeGreaterThan(1);
      await expectNothingStored(60_000);
    },
    120_000 + PROBES * 500,
  );
});
