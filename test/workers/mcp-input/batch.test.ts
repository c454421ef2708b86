import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import {
  openRoads,
  type OpenRoads,
  refusalCodes,
  ROADS,
  statelessMessage,
} from "../../support/mcp-roads.ts";
import { INITIALIZE, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn, tokenRequest, type Tokens } from "../../support/sign-in.ts";

/** No answer takes longer, however many messages come at once. */
const HANG_LIMIT = { timeout: HANG_MS };

let server: TestServer;
let roads: OpenRoads;
beforeAll(async () => {
  server = await startServer();
  const { access_token: token } = await signIn(server, "octocat");
  roads = await openRoads(server, token);
});
afterAll(async () => {
  await roads.close();
  await server.close();
});

const ping = (id: number | string) => ({ jsonrpc: "2.0", id, method: "ping" });
const pings = (count: number) => Array.from({ length: count }, (_, id) => ping(id));

/** A token that its client asked to be for tools alone. */
async function tokenWithoutGitHub(): Promise<string> {
  const { client, refresh_token } = await signIn(server, "octocat");
  const response = await tokenRequest(server, {
    grant_type: "refresh_token",
    client_id: client.client_id,
    refresh_token,
    scope: "mcp:tools",
  });
  return ((await response.json()) as Tokens).access_token;
}

/** Every message of an answer, whether it came as JSON or as a stream. */
async function messagesOf(response: Response): Promise<any[]> {
  const text = await response.text();
  if (text.startsWith("[")) return JSON.parse(text);
  return Array.from(text.matchAll(/^data: (\{.*)$/gm), ([, data = ""]) => JSON.parse(data));
}

describe("a batch in a session of 2025-03-26", () => {
  const post = (message: unknown, headers = {}) =>
    roads.post["/mcp in a session"]({ message, headers });

  it.each([
    ["no version, as its clients do", {}],
    ["that version", { "mcp-protocol-version": "2025-03-26" }],
  ])("is answered message by message when it names %s", HANG_LIMIT, async (_what, headers) => {
    const response = await post([ping("a"), toolCall("add", { a: 1, b: 2 }, "b")], headers);

    const answers = await messagesOf(response);
    expect(answers).toHaveLength(2);
    expect(answers.find(({ id }) => id === "a").result).toEqual({});
    expect(answers.find(({ id }) => id === "b").result.structuredContent).toEqual({ sum: 3 });
  });

  it("is answered when it has 20 messages with the longest ids", HANG_LIMIT, async () => {
    const ids = Array.from({ length: 20 }, (_, index) => String.fromCharCode(0x4e00 + index));

    const response = await post(ids.map((char) => ping(char.repeat(128))));

    expect(await messagesOf(response)).toHaveLength(20);
  });

  it("gets 202 when it asks for nothing", HANG_LIMIT, async () => {
    const response = await post([
      { jsonrpc: "2.0", method: "notifications/unknown" },
      { jsonrpc: "2.0", id: 7, error: { code: -1, message: "no" } },
    ]);

    expect(response.status).toBe(202);
  });

  it("gets 403, and runs nothing, when one of its calls lacks a scope", HANG_LIMIT, async () => {
    const narrow = await openRoads(server, await tokenWithoutGitHub());
    await server.github.clearRequests();

    const response = await narrow.post["/mcp in a session"]({
      message: [toolCall("add", { a: 1, b: 2 }, 1), toolCall("userInfoOctokit", {}, 2)],
    });

    expect(response.status).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain('scope="mcp:tools github:read"');
    expect(await server.github.requests()).toEqual([]);
    await narrow.close();
  });

  it.each([
    ["21 messages", pings(21)],
    ["10,000 messages", pings(10_000)],
    ["the same id twice", [ping(1), ping(1)]],
    ["initialize in it", [ping(1), { ...INITIALIZE, id: 2 }]],
    ["only initialize in it", [INITIALIZE]],
    ["something that is no message", [ping(1), null]],
    ["a batch in it", [ping(1), [ping(2)]]],
    ["a stateless message in it", [ping(1), statelessMessage("tools/list")]],
  ])("gets 400 and -32600 when it has %s", HANG_LIMIT, async (_what, message) => {
    expect(await refusalCodes(await post(message))).toEqual({ status: 400, code: -32_600 });
  });

  it.each(["2025-06-18", "2025-11-25", "2024-11-05", "2026-07-28"])(
    "gets 400 and -32600 when it names %s instead",
    HANG_LIMIT,
    async (version) => {
      const response = await post(pings(2), { "mcp-protocol-version": version });

      expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_600 });
    },
  );
});

describe.each(ROADS.filter((road) => !road.endsWith("in a session")))(
  "a batch posted to %s",
  (road) => {
    it.each([2, 10_000])(
      "gets 400 and -32600 when it has %i messages",
      HANG_LIMIT,
      async (count) => {
        const response = await roads.post[road]({ message: pings(count) });

        expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_600 });
      },
    );
  },
);

describe("a batch without a session", () => {
  it("gets 400 and -32600", HANG_LIMIT, async () => {
    const response = await roads.post["/mcp stateless"]({
      message: [INITIALIZE],
      headers: { "mcp-protocol-version": "2025-03-26" },
    });

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_600 });
  });
});
