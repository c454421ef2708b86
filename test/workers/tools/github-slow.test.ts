import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Fault } from "../../../emulator/faults.ts";
import { callTool, type Connected, ERAS, type ToolResult } from "../../support/connect.ts";
import { HANG_MS } from "../../support/hang.ts";
import { type NetworkServer, startNetworkServer } from "../../support/network-server.ts";
import { expectCleanLogs, expectOwnWords } from "../../support/secrets.ts";
import { signIn } from "../../support/sign-in.ts";

const LATE = "GitHub did not answer in time. Try again in a minute.";
const NEVER: Fault = { kind: "slow", delayMs: 600_000 };
const PEOPLE = ["octocat", "hubot", "mona"] as const;

type Call = { name: string; arguments: Record<string, unknown> };
const WHO_AM_I: Call = { name: "userInfoOctokit", arguments: {} };

let server: NetworkServer;
const tokens = new Map<string, string>();
beforeAll(async () => {
  server = await startNetworkServer();
  for (const login of PEOPLE) {
    tokens.set(login, (await signIn(server, login)).access_token);
    await server.github.createRepository({ owner: login, name: "slow" });
    await server.github.putReadme({ owner: login, name: "slow", bytes: "# Slow to come\n" });
  }
});
afterAll(() => server.close());
beforeEach(() => server.github.clearRequests());
afterEach(() => server.github.clearFaults());

/** Everybody in an era of their own. */
function connectEverybody(): Promise<{ login: string; client: Connected }[]> {
  const connections = PEOPLE.map(async (login, index) => {
    const client = await ERAS[index]!.connect(server.url, tokens.get(login) ?? "");
    return { login, client };
  });
  return Promise.all(connections);
}

async function timed(client: Connected, call: Call): Promise<{ result: ToolResult; ms: number }> {
  const startedAt = Date.now();
  const result = await callTool(client, call.name, call.arguments);
  return { result, ms: Date.now() - startedAt };
}

const callsOf = (login: string): Call[] => [
  WHO_AM_I,
  { name: "getGithubReadme", arguments: { repositoryUrl: `${login}/slow` } },
];

describe("a GitHub that is too slow", () => {
  it.each<{ what: string; fault: Fault }>([
    { what: "never answers", fault: NEVER },
    { what: "answers at one byte a second", fault: { kind: "drip" } },
  ])("ends in time, and costs one request and no token, when it $what", async ({ fault }) => {
    const everybody = await connectEverybody();
    await server.github.fault({ match: { path: "/api/v3/user$" }, fault });
    await server.github.fault({ match: { path: "/slow/readme$" }, fault });

    const outcomes = await Promise.all(
      everybody.flatMap(({ login, client }) => callsOf(login).map((call) => timed(client, call))),
    );

    expect(outcomes).toHaveLength(6);
    for (const { result, ms } of outcomes) {
      expect(result).toMatchObject({ isError: true, content: [{ text: LATE }] });
      expect(ms).toBeLessThan(HANG_MS);
      expectOwnWords(result);
    }
    const seen = await server.github.requests();
    const asked = seen.map(({ login, path }) => `${login} ${path}`);
    expect(asked.toSorted()).toEqual([...new Set(asked)].toSorted());
    expect(asked).toHaveLength(6);
    expectCleanLogs(server.logs, ...tokens.values());
    await server.github.clearFaults();
    for (const { login, client } of everybody) {
      for (const call of callsOf(login)) {
        const { result } = await timed(client, call);
        expect(result.isError ?? false).toBe(false);
      }
      await client.close();
    }
  });

  it("holds up nobody but the person who waits for it", async () => {
    const everybody = await connectEverybody();
    const clientOf = (who: string) => everybody.find(({ login }) => login === who)!.client;
    await server.github.fault({ match: { login: "octocat" }, fault: NEVER });
    const finished: string[] = [];
    const call = async (login: string) => {
      const result = await callTool(clientOf(login), "userInfoOctokit");
      finished.push(login);
      return result.isError ?? false;
    };

    // More than any limiter of a client library lets through at a time.
    const waiting = Array.from({ length: 15 }, () => call("octocat"));
    const others = Array.from({ length: 20 }, (_, index) => call(index % 2 ? "hubot" : "mona"));
    const failures = await Promise.all([...others, ...waiting]);

    expect(finished.slice(0, 20)).not.toContain("octocat");
    expect(failures).toEqual([...others.map(() => false), ...waiting.map(() => true)]);
    await Promise.all(everybody.map(({ client }) => client.close()));
  });
});
