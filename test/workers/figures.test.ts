import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { statelessHeaders, statelessMessage } from "../support/mcp-roads.ts";
import { accountRows } from "../support/object-rows.ts";
import { costOf, type OperationCost, recordedCosts } from "../support/operation-costs.ts";
import { messageOf, openSession, send, toolCall } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { registerClient, type SignedIn, signIn } from "../support/sign-in.ts";
import { endGrace, supersededTokens } from "../support/superseded-tokens.ts";

const OCTOCAT = 583_231;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/counted.ts", limits: "deployed" });
});
afterAll(() => server.close());

async function recordedCalls(): Promise<number> {
  const sql = "SELECT id FROM events WHERE kind = 'tool_called'";
  return (await accountRows(server, OCTOCAT, sql)).length;
}

/** Calls a tool so many times at once, and waits until the person's account has heard of it. */
async function call(name: string, { access_token: token }: SignedIn, times = 1): Promise<void> {
  const before = await recordedCalls();
  const message = statelessMessage("tools/call", { name, arguments: { a: 1, b: 2 } });
  const headers = statelessHeaders("tools/call", name);
  const answers = await Promise.all(
    Array.from({ length: times }, () => send(server, { token, message, headers })),
  );
  for (const answer of answers) {
    expect((await messageOf(answer)).result).toHaveProperty("structuredContent");
  }
  await expect.poll(recordedCalls).toBe(before + times);
}

async function callInSession({ access_token: token }: SignedIn, sessionId: string): Promise<void> {
  const before = await recordedCalls();
  await (await send(server, { token, sessionId, message: toolCall("add", { a: 1, b: 2 }) })).text();
  await expect.poll(recordedCalls).toBe(before + 1);
}

/**
 * Calls of half a second reach the account together. On a slow machine, 20 at once may take some
 * seconds; as many tellings as half of them would be no gathering.
 */
function gatheredOnce(cost: OperationCost): OperationCost {
  const times = cost.objects["account.record"] ?? 0;
  if (times < 1 || times > 10 || !cost.operation.includes("20 times")) return cost;
  return { ...cost, objects: { ...cost.objects, "account.record": 1 } };
}

/** workerd puts an idle object aside after ten seconds; a grant's reads its record once more then. */
function atWork(cost: OperationCost): OperationCost {
  const isAside = cost.operation === "a client refreshes" && cost.kv["get"] === 3;
  return isAside ? { ...cost, kv: { ...cost.kv, get: 2 } } : cost;
}

describe("what an operation asks of GitHub and of storage", () => {
  it("is what docs/security.md says", async () => {
    const measured: OperationCost[] = [];
    const measure = async <Result>(operation: string, work: () => Promise<Result>) => {
      const { promise, resolve } = Promise.withResolvers<Result>();
      measured.push(await costOf(server, operation, async () => resolve(await work())));
      return promise;
    };

    const client = await measure("a client registers", () => registerClient(server));
    const person = await measure("a person signs in", () => signIn(server, "octocat", { client }));
    await measure("`add`, stateless", () => call("add", person));
    await measure("`userInfoOctokit`, stateless", () => call("userInfoOctokit", person));
    await measure("the same, 20 times at once", () => call("userInfoOctokit", person, 20));
    const { access_token } = person;
    const sessionId = await measure("a session opens", () => openSession(server, access_token));
    await measure("`add` in a session", () => callInSession(person, sessionId));
    await measure("a client refreshes", () => person.refresh());
    await measure("19 more clients of the same person sign in", async () => {
      for (let each = 0; each < 19; each += 1) await signIn(server, "octocat", { client });
    });
    await measure("another one does, and leaves ten minutes later", async () => {
      await endGrace(server);
      await expect.poll(() => supersededTokens(server)).toBe(0);
    });
    await measure("`userInfoOctokit` with a copy of a deleted token", () =>
      call("userInfoOctokit", person),
    );

    const steady = measured.map((cost) => atWork(gatheredOnce(cost)));
    expect(steady).toEqual(recordedCosts(steady));
  });

  it("includes no question to the person's account while a call's token is fresh", async () => {
    const person = await signIn(server, "octocat");

    const { objects } = await costOf(server, "a call", () => call("userInfoOctokit", person));

    // Told afterwards, without anybody waiting for it.
    expect(objects).toEqual({ "account.record": 1 });
  });
});
