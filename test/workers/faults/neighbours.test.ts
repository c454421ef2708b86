import { setTimeout as wait } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import type { Fault } from "../../../emulator/faults.ts";
import { callTool, type Connected, ERAS, textOf, type ToolResult } from "../../support/connect.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

/** More than any limiter of a client library lets through at a time. */
const HUNG_CALLS = 20;
/** A call ends within ten seconds, whatever GitHub does. */
const HANG_MS = 20_000;
const OTHERS = ["hubot", "mona"] as const;
const OTHER_CLIENTS = 20;

const TROUBLE: readonly { what: string; path: string; fault: Fault }[] = [
  { what: "hangs", path: "/user$", fault: { kind: "slow", delayMs: 600_000 } },
];

const LIMITS: readonly { what: string; fault: Fault }[] = [
  { what: "a secondary limit", fault: { kind: "secondary-rate-limit", retryAfterSeconds: 600 } },
];

let server: TestServer;
let person: Connected;
/** Twenty clients of other people, in all eras. */
const neighbours: Connected[] = [];
beforeAll(async () => {
  server = await startServer();
  person = await connected("octocat", 2);
  while (neighbours.length < OTHER_CLIENTS) {
    const login = OTHERS[neighbours.length % OTHERS.length]!;
    neighbours.push(await connected(login, neighbours.length));
  }
});
afterAll(async () => {
  await Promise.all([person, ...neighbours].map((client) => client.close().catch(() => undefined)));
  await server.close();
});
afterEach(() => server.github.clearFaults());

async function connected(login: string, index: number): Promise<Connected> {
  const { access_token } = await signIn(server, login);
  return ERAS[index % ERAS.length]!.connect(server.url, access_token);
}

/** What a call comes to; one that does not end, or fails on the way, comes to nothing. */
function answerOf(client: Connected): Promise<ToolResult | undefined> {
  const answer = callTool(client, "userInfoOctokit").catch(() => undefined);
  return Promise.race([answer, wait(HANG_MS, undefined)]);
}

describe.each(TROUBLE)("one person whose GitHub $what", ({ path, fault }) => {
  it("holds up nobody else, with twenty calls under way", async () => {
    await server.github.fault({ match: { path, login: "octocat" }, fault });
    const finished: string[] = [];
    const called = async (client: Connected, who: string) => {
      const result = await answerOf(client);
      finished.push(who);
      return result;
    };

    const waiting = Array.from({ length: HUNG_CALLS }, () => called(person, "octocat"));
    const answers = await Promise.all(neighbours.map((client) => called(client, "other")));
    const hung = await Promise.all(waiting);

    expect(finished.slice(0, OTHER_CLIENTS)).toEqual(neighbours.map(() => "other"));
    expect(answers.every((answer) => answer && !answer.isError)).toBe(true);
    expect(hung.every((answer) => answer?.isError)).toBe(true);
    await server.github.clearFaults();
    const after = await callTool(person, "userInfoOctokit");
    expect(after.structuredContent).toMatchObject({ login: "octocat" });
  });
});

describe.each(LIMITS)("one person who meets $what", ({ fault }) => {
  it("is told at once, and nobody else is", async () => {
    await server.github.fault({ match: { path: "/user$", login: "octocat" }, fault });

    const [limited, answers] = await Promise.all([
      Promise.all(Array.from({ length: HUNG_CALLS }, () => answerOf(person))),
      Promise.all(neighbours.map((client) => answerOf(client))),
    ]);

    for (const result of limited) {
      expect(result && textOf(result)).toContain("rate limit is used up");
    }
    expect(answers.every((answer) => answer && !answer.isError)).toBe(true);
  });
});
