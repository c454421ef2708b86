import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { messageOf, openSession, openSse, send, toolCall } from "../support/rpc.ts";
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

async function call(sessionId: string, name: string, { access_token: token } = octocat) {
  return send(server, { token, sessionId, message: toolCall(name) });
}

/** The instance of the session's object that is at work now. */
async function instanceOf(sessionId: string): Promise<string> {
  return (await messageOf(await call(sessionId, "instance"))).result.content[0].text;
}

const WAYS = [
  {
    way: "was evicted",
    end: (sessionId: string) =>
      server.harness
        .getWorker()
        .evictDurableObject("SessionAgent", { name: `streamable-http:${sessionId}` }),
  },
  {
    way: "aborted itself",
    end: async (sessionId: string) => void (await (await call(sessionId, "abort")).text()),
  },
  { way: "was deployed anew", end: () => server.redeploy({}) },
];

describe.each(WAYS)("a session whose object $way", ({ end }) => {
  it("is served by another instance, as its owner, and stays unknown to everyone else", async () => {
    const sessionId = await openSession(server, octocat.access_token);
    const before = await instanceOf(sessionId);
    await end(sessionId);

    // The other person comes first: the first caller after a restart must not become the owner.
    const foreign = await call(sessionId, "userInfoOctokit", hubot);
    const own = await call(sessionId, "userInfoOctokit");

    expect(foreign.status).toBe(404);
    expect((await messageOf(own)).result.structuredContent.login).toBe("octocat");
    expect(await instanceOf(sessionId)).not.toBe(before);
  });
});

describe("a client of 2024-11-05 that opens its stream again", () => {
  it("gets a session of its own each time", async () => {
    const first = await openSse(server, octocat.access_token);
    await first.close();

    const second = await openSse(server, octocat.access_token);

    expect(second.endpoint).not.toBe(first.endpoint);
    await send(server, {
      token: octocat.access_token,
      path: second.endpoint,
      message: { jsonrpc: "2.0", id: 9, method: "ping" },
    });
    expect(await second.next()).toEqual({ jsonrpc: "2.0", id: 9, result: {} });
    await second.close();
  });
});
