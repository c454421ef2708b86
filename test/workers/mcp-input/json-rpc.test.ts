import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import {
  openRoads,
  type OpenRoads,
  refusalCodes,
  type Road,
  ROADS,
} from "../../support/mcp-roads.ts";
import { messageOf, openSse, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

/** No answer takes longer, however odd the message. */
const HANG_LIMIT = { timeout: HANG_MS };

let server: TestServer;
let token: string;
let roads: OpenRoads;
beforeAll(async () => {
  server = await startServer();
  ({ access_token: token } = await signIn(server, "octocat"));
  roads = await openRoads(server, token);
});
afterAll(async () => {
  await roads.close();
  await server.close();
});

const SESSIONS: readonly Road[] = ["/mcp in a session", "/ in a session", "/sse/message"];

const NOT_JSON: readonly [string, BodyInit][] = [
  ["an open brace", "{"],
  ["nothing", ""],
  ["invalid UTF-8", Buffer.from('{"jsonrpc":"2.0","id":"\xff","method":"ping"}', "latin1")],
  ["UTF-16", Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}', "utf16le")],
  ["a comment", '{"jsonrpc":"2.0","id":1,"method":"ping"} // ping'],
];

const NOT_A_MESSAGE: readonly [string, string][] = [
  ["null", "null"],
  ["a number", "1"],
  ["a string", '"x"'],
  ["true", "true"],
  ["an empty array", "[]"],
  ["an empty object", "{}"],
  ["another version of JSON-RPC", '{"jsonrpc":"1.0","id":1,"method":"ping"}'],
  ["no version of JSON-RPC", '{"id":1,"method":"ping"}'],
  ["neither method, result nor error", '{"jsonrpc":"2.0","id":1}'],
  ["a method that is a number", '{"jsonrpc":"2.0","id":1,"method":1}'],
  ["an object as id", '{"jsonrpc":"2.0","id":{},"method":"ping"}'],
  ["null as id", '{"jsonrpc":"2.0","id":null,"method":"ping"}'],
  ["a fraction as id", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}'],
  ["an id that no number can hold", '{"jsonrpc":"2.0","id":1e999,"method":"ping"}'],
  ["a list as params", '{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}'],
  ["a string as params", '{"jsonrpc":"2.0","id":1,"method":"ping","params":"x"}'],
  ["a string as _meta", '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":"x"}}'],
  ["an error without a code", '{"jsonrpc":"2.0","id":1,"error":{}}'],
  ["a prototype of its own", '{"jsonrpc":"2.0","id":1,"method":"ping","__proto__":{}}'],
];

describe.each(ROADS)("a message posted to %s", (road) => {
  it.each(NOT_JSON)("gets 400 and -32700 when it is %s", HANG_LIMIT, async (_what, body) => {
    const response = await roads.post[road]({ body });

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_700 });
  });

  it.each(NOT_A_MESSAGE)("gets 400 and -32600 when it is %s", HANG_LIMIT, async (_what, body) => {
    const response = await roads.post[road]({ body });

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_600 });
  });

  it.each([
    ["objects", '{"x":', "}"],
    ["arrays", "[", "]"],
  ])("gets 400 and -32600 when its %s nest 65 deep", HANG_LIMIT, async (_what, open, close) => {
    // The message and its params are two levels already.
    const deep = `${open.repeat(63)}1${close.repeat(63)}`;

    const response = await roads.post[road]({
      body: `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${deep}}}`,
    });

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_600 });
  });

  it("gets 400 and -32600 when 200,000 arrays nest in it", HANG_LIMIT, async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);

    const response = await roads.post[road]({
      body: `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${deep}}}`,
    });

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_600 });
  });

  it("gets 400 and -32600 when its id has 200,000 characters", HANG_LIMIT, async () => {
    const response = await roads.post[road]({
      message: { jsonrpc: "2.0", id: "x".repeat(200_000), method: "ping" },
    });

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_600 });
  });
});

describe.each(SESSIONS)("a message posted to %s", (road) => {
  it.each([
    ["tools/call without params", "tools/call", undefined],
    ["tools/call without a name", "tools/call", { arguments: {} }],
    ["tools/call with a list of arguments", "tools/call", { name: "add", arguments: [] }],
    ["tools/list with a number as cursor", "tools/list", { cursor: 5 }],
    ["initialize without a version", "initialize", {}],
  ])("gets 400 and -32602 when it is %s", HANG_LIMIT, async (_what, method, params) => {
    const response = await roads.post[road]({
      message: { jsonrpc: "2.0", id: 1, method, params },
    });

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_602 });
  });

  it.each([
    ["a result", { jsonrpc: "2.0", id: 9, result: {} }],
    ["an error", { jsonrpc: "2.0", id: 9, error: { code: -1, message: "no" } }],
    ["an error without an id", { jsonrpc: "2.0", error: { code: -1, message: "no" } }],
    ["an unknown notification", { jsonrpc: "2.0", method: "notifications/unknown" }],
  ])("gets 202, and no stream, when it is %s", HANG_LIMIT, async (_what, message) => {
    const response = await roads.post[road]({ message });

    expect(response.status).toBe(202);
    await response.text();
  });

  it.each([
    ["begins with a byte order mark", '\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}'],
    [
      "nests 64 deep",
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":${"[".repeat(62)}${"]".repeat(62)}}}`,
    ],
    [
      "has brackets in its strings",
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x\\"":"${"[{".repeat(99)}"}}`,
    ],
    ["has an id of half a character", '{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}'],
    ["has an id of 128 characters", `{"jsonrpc":"2.0","id":"${"語".repeat(128)}","method":"ping"}`],
  ])("is served when it %s", HANG_LIMIT, async (_what, body) => {
    const response = await roads.post[road]({ body });

    expect(response.status).toBe(road === "/sse/message" ? 202 : 200);
    expect(await response.text()).toMatch(/"result":\{\}|^Accepted$/);
  });
});

describe("a refused message", () => {
  it("leaves the stream of its session as it was", HANG_LIMIT, async () => {
    const stream = await openSse(server, token);
    await (await send(server, { token, path: stream.endpoint, body: "null" })).text();

    const message = { jsonrpc: "2.0", id: "after", method: "ping" };
    await (await send(server, { token, path: stream.endpoint, message })).text();

    expect(await stream.next()).toEqual({ jsonrpc: "2.0", id: "after", result: {} });
    await stream.close();
  });

  it("says in our own words what to send instead", HANG_LIMIT, async () => {
    const { error } = await messageOf(await roads.post["/mcp stateless"]({ body: "null" }));

    expect(error?.message).toMatch(/Send JSON-RPC/);
  });
});
