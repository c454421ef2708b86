import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { callTool, ERAS } from "../../support/connect.ts";
import { openEvents } from "../../support/events.ts";
import { addFault, clearFaults } from "../../support/faults.ts";
import { untilRefused } from "../../support/flood.ts";
import { kvOf } from "../../support/kv.ts";
import { logLines } from "../../support/log-lines.ts";
import { openRoads, statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { costOf } from "../../support/operation-costs.ts";
import { entranceOf, INITIALIZE, openSession, send, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import {
  inSeconds,
  type IssuedToken,
  issueServiceToken,
  revokeServiceToken,
} from "../../support/service-token.ts";
import { signIn } from "../../support/sign-in.ts";

const HANG_LIMIT = { timeout: 120_000 };

const ADD = { name: "add", arguments: { a: 1, b: 2 } };

/** One stateless call, which opens nothing. */
function add(site: Pick<TestServer, "url">, token: string): Promise<Response> {
  return send(site, {
    token,
    message: statelessMessage("tools/call", ADD),
    headers: statelessHeaders("tools/call", "add"),
  });
}

/** The sentence of a refusal, for whoever reads the client's error. */
async function sentenceOf(response: Response): Promise<unknown> {
  const { error_description } = (await response.json()) as { error_description?: unknown };
  return error_description;
}

function challengeOf(response: Response): string {
  return response.headers.get("www-authenticate") ?? "";
}

describe("a service token", () => {
  let server: TestServer;
  let ci: IssuedToken;
  beforeAll(async () => {
    server = await startServer({ main: "test/support/entries/counted.ts", limits: { limit: 100 } });
    ci = await issueServiceToken(server);
  });
  afterAll(() => server.close());
  beforeEach(() => server.harness.clearLogs());

  /** What the log says that a refused token failed at. */
  async function refusedCheck(response: Response) {
    const requestId = response.headers.get("x-request-id");
    const lines = () =>
      logLines(server, "token.refused").filter((line) => line.requestId === requestId);
    await expect.poll(lines).toHaveLength(1);
    return { way: lines()[0]?.["way"], check: lines()[0]?.["check"] };
  }

  it.each(ERAS)("calls tools in its own name over $era", async ({ connect }) => {
    const client = await connect(server.url, ci.token);

    const { tools } = await client.listTools();
    const sum = await callTool(client, "add", ADD.arguments);
    const self = await callTool(client, "whoami");
    await client.close();

    expect(tools.map(({ name }) => name)).toEqual(["add", "whoami"]);
    expect(sum.structuredContent).toEqual({ sum: 3 });
    expect(self.structuredContent).toEqual({
      identity: `service:token:${ci.id}`,
      kind: "service",
      name: "ci",
      way: "service_token",
      client: "ci",
      scopes: ["mcp:tools"],
      expiresAt: new Date(ci.facts.expiresAt * 1000).toISOString(),
    });
  });

  it("is in the log by its id and name, and never itself", async () => {
    const answer = await add(server, ci.token);
    await answer.text();

    const requestId = answer.headers.get("x-request-id");
    const called = () =>
      logLines(server, "tool.called").filter((line) => line.requestId === requestId);
    await expect.poll(called).toMatchObject([
      {
        caller: `service:token:${ci.id}`,
        way: "service_token",
        grant: `token:${ci.id}`,
        client: "ci",
        outcome: "ok",
      },
    ]);
    expect(JSON.stringify(server.harness.getLogs())).not.toContain(ci.token.slice(13, 45));
  });

  it("rests in KV as a hash", async () => {
    const kv = await kvOf(server);
    const { keys } = await kv.list({ prefix: "service-token" });
    const values = await Promise.all(keys.map(({ name }) => kv.get(name)));
    const everything = JSON.stringify([keys, values]);

    expect(everything).toContain(`service-token:${ci.id}`);
    expect(everything).toContain("octocat@example.com");
    expect(everything).not.toContain(ci.token.slice(13, 45));
  });

  it("gets 403 and the name of the scope that it lacks", async () => {
    const { token } = await issueServiceToken(server, { scopes: ["github:read"] });

    const response = await add(server, token);

    expect(response.status).toBe(403);
    expect(challengeOf(response)).toContain('error="insufficient_scope"');
    expect(challengeOf(response)).toContain('scope="mcp:tools"');
  });

  it("gets 401 and a sentence once it has expired", async () => {
    const { token } = await issueServiceToken(server, { expiresAt: inSeconds(-1) });

    const response = await add(server, token);

    expect(response.status).toBe(401);
    expect(challengeOf(response)).toContain('error="invalid_token"');
    expect(await sentenceOf(response)).toBe("This service token has expired. Ask for another one.");
    expect(await refusedCheck(response)).toEqual({ way: "service_token", check: "expiry" });
  });

  it("ends the streams that it opened in the second in which it expires", HANG_LIMIT, async () => {
    const { token } = await issueServiceToken(server, { expiresAt: inSeconds(6) });
    const stream = await openEvents(server, { token, method: "GET", path: "/sse" });

    const events = await stream.rest();

    expect(events).toMatchObject([{ data: expect.stringContaining("/sse/message") }]);
    // A stream that looks at its token a minute later finds out, too, and says so.
    expect(logLines(server, "token.refused")).toEqual([]);
  });

  it("gets 401 on every road once it was revoked, whatever it opened before", async () => {
    const revoked = await issueServiceToken(server);
    const roads = await openRoads(server, revoked.token);
    await expect
      .poll(async () => (await kvOf(server)).list({ prefix: revoked.useKey }))
      .toMatchObject({ keys: [{ name: revoked.useKey }] });

    await revokeServiceToken(server, revoked);

    const posts = Object.values(roads.post);
    const list = statelessMessage("tools/list");
    const answers = await Promise.all(posts.map((post) => post({ message: list })));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    const response = await add(server, revoked.token);
    expect(await sentenceOf(response)).toMatch(/^This service token is not known here/);
    expect(await refusedCheck(response)).toEqual({ way: "service_token", check: "record" });
    await roads.close();
  });

  it("gets 401 when its secret is not the one of its record", async () => {
    const [one, other] = [await issueServiceToken(server), await issueServiceToken(server)];
    const kv = await kvOf(server);
    await kv.put(one.key, (await kv.get(other.key)) ?? "");

    const response = await add(server, one.token);

    expect(response.status).toBe(401);
    expect(await sentenceOf(response)).toMatch(/^This service token is not known here/);
    expect(await refusedCheck(response)).toEqual({ way: "service_token", check: "secret" });
  });

  it.each<[string, (token: string) => string]>([
    [
      "mistyped",
      (token) => `${token.slice(0, 20)}${token[20] === "x" ? "y" : "x"}${token.slice(21)}`,
    ],
    ["cut off", (token) => token.slice(0, 40)],
    ["too long by one", (token) => `${token}0`],
  ])("costs no look at storage when it is %s", async (_how, altered) => {
    const answers: Response[] = [];
    const cost = await costOf(server, "a mistyped token", async () => {
      answers.push(await add(server, altered(ci.token)));
    });

    const [response = new Response()] = answers;
    expect(response.status).toBe(401);
    expect(await sentenceOf(response)).toMatch(/^This service token was mistyped or cut off/);
    expect(await refusedCheck(response)).toEqual({ way: "service_token", check: "checksum" });
    expect(cost).toMatchObject({ kv: {}, github: 0 });
  });

  it("notes when it was last used, once for many calls", async () => {
    const fresh = await issueServiceToken(server);
    const cost = await costOf(server, "calls", async () => {
      for (let call = 0; call < 5; call += 1) await (await add(server, fresh.token)).text();
    });

    expect(cost).toMatchObject({ kv: { get: 5, put: 1 }, objects: {}, github: 0 });
    const kv = await kvOf(server);
    const uses = () => kv.list({ prefix: fresh.useKey }).then(({ keys }) => keys);
    await expect.poll(uses).toMatchObject([{ metadata: { at: expect.any(Number) } }]);
    const at = (await uses()).map(({ metadata }) => (metadata as { at: number }).at);
    expect(at[0]).toBeGreaterThan(inSeconds(-60));
    expect(at[0]).toBeLessThanOrEqual(inSeconds(0));
  });

  it("opens no session of another token, and of no person", async () => {
    const [owner, other] = [await issueServiceToken(server), await issueServiceToken(server)];
    const person = await signIn(server, "octocat");
    const own = await openSession(server, owner.token);
    const persons = await openSession(server, person.access_token);
    const call = (token: string, sessionId: string) =>
      send(server, { token, sessionId, message: toolCall("add", ADD.arguments) });

    expect((await call(owner.token, own)).status).toBe(200);
    expect((await call(other.token, own)).status).toBe(404);
    expect((await call(person.access_token, own)).status).toBe(404);
    expect((await call(owner.token, persons)).status).toBe(404);
  });

  it(
    "is limited by itself: who calls too often gets 429, and others go on",
    HANG_LIMIT,
    async () => {
      const busy = await issueServiceToken(server, { name: "busy" });
      const refused = await untilRefused(() => add(server, busy.token));

      expect(refused.headers.get("retry-after")).toBe("60");
      const key = `service:token:${busy.id}`;
      await expect
        .poll(() => logLines(server, "limit.reached").find((line) => line["key"] === key))
        .toMatchObject({ limit: "call" });
      expect((await add(server, ci.token)).status).toBe(200);
    },
  );
});

describe("a service token while storage fails", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer({ main: "test/support/entries/faulty.ts" });
  });
  afterAll(() => server.close());
  afterEach(() => clearFaults(server));

  it("is neither good nor bad: 503, and nothing is thrown away", async () => {
    const { token } = await issueServiceToken(server);
    await addFault(server, {
      at: "kv",
      operation: "get",
      prefix: "service-token",
      fault: { kind: "throws" },
    });

    const response = await send(server, { token, message: INITIALIZE });

    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    await clearFaults(server);
    expect(await entranceOf(server, token)).toBe(200);
  });

  it.each([
    ["cut in half", { kind: "cut" }],
    ["another's", { kind: "says", text: '{"name":"ci","scopes":["mcp:tools"],"expiresAt":9e9}' }],
  ] as const)("gets 503 and a line in the log when its record is %s", async (_how, fault) => {
    const { token } = await issueServiceToken(server);
    await addFault(server, { at: "kv", operation: "get", prefix: "service-token", fault });
    server.harness.clearLogs();

    const response = await send(server, { token, message: INITIALIZE });

    expect(response.status).toBe(503);
    await expect
      .poll(() => logLines(server, "storage.unreadable"))
      .toMatchObject([{ kind: "service-token" }]);
  });

  it("works when its use cannot be noted, and the log says so", async () => {
    const { id, token } = await issueServiceToken(server);
    await addFault(server, {
      at: "kv",
      operation: "put",
      prefix: "service-token-use",
      fault: { kind: "throws" },
    });

    expect(await entranceOf(server, token)).toBe(200);
    await expect.poll(() => logLines(server, "token.use_not_noted")).toMatchObject([{ token: id }]);
  });
});
