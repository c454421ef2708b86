import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import {
  refusalCodes,
  STATELESS_META,
  statelessHeaders,
  statelessMessage,
} from "../../support/mcp-roads.ts";
import { messageOf, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { openDatabases } from "../../support/session-storage.ts";
import { signIn } from "../../support/sign-in.ts";

/** No answer takes longer, however odd the headers. */
const HANG_LIMIT = { timeout: HANG_MS };

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

const VERSION = "io.modelcontextprotocol/protocolVersion";
const ADD = statelessMessage("tools/call", { name: "add", arguments: { a: 1, b: 2 } });
const headersOf = statelessHeaders;

function without(name: string, headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

function claiming(version: unknown): object {
  return { ...ADD, params: { ...ADD.params, _meta: { ...STATELESS_META, [VERSION]: version } } };
}

describe.each(["/mcp", "/"])("a stateless request to %s", (path) => {
  const post = (message: object, headers: Record<string, string>) =>
    send(server, { token, path, message, headers });

  it("is answered when its headers and its body agree", HANG_LIMIT, async () => {
    const response = await post(ADD, headersOf("tools/call", "add"));

    expect((await messageOf(response)).result).toMatchObject({ structuredContent: { sum: 3 } });
  });

  it.each<[string, Record<string, string>]>([
    ["no version header", without("mcp-protocol-version", headersOf("tools/call", "add"))],
    [
      "another version header",
      { ...headersOf("tools/call", "add"), "mcp-protocol-version": "2025-11-25" },
    ],
    [
      "an unknown version header",
      { ...headersOf("tools/call", "add"), "mcp-protocol-version": "x" },
    ],
    ["no method header", without("mcp-method", headersOf("tools/call", "add"))],
    ["another method header", headersOf("tools/list", "add")],
    ["no name header", headersOf("tools/call")],
    ["another name header", headersOf("tools/call", "userInfoOctokit")],
    ["two name headers in one", headersOf("tools/call", "add, add")],
    ["a name header with broken base64", headersOf("tools/call", "=?base64?%?=")],
  ])("gets 400 and -32020 with %s", HANG_LIMIT, async (_what, headers) => {
    expect(await refusalCodes(await post(ADD, headers))).toEqual({ status: 400, code: -32_020 });
  });

  it("gets 400, -32022 and the list of versions with an unknown one", HANG_LIMIT, async () => {
    const headers = { ...headersOf("tools/call", "add"), "mcp-protocol-version": "2027-01-01" };

    const response = await post(claiming("2027-01-01"), headers);

    expect(response.status).toBe(400);
    const data = { supported: ["2026-07-28"], requested: "2027-01-01" };
    expect((await messageOf(response)).error).toMatchObject({ code: -32_022, data });
  });

  it.each([
    ["a number as version", claiming(1)],
    ["no capabilities", { ...ADD, params: { ...ADD.params, _meta: { [VERSION]: "2026-07-28" } } }],
    ["no envelope", { ...ADD, params: { name: "add" } }],
  ])("gets 400 and -32602 with %s in its envelope", HANG_LIMIT, async (_what, message) => {
    const response = await post(message, headersOf("tools/call", "add"));

    expect(await refusalCodes(response)).toEqual({ status: 400, code: -32_602 });
  });

  it.each(["nope", "initialize", "__proto__", "constructor", "toString"])(
    "gets 404 and -32601 for the method %s",
    HANG_LIMIT,
    async (method) => {
      const response = await post(statelessMessage(method), headersOf(method));

      expect(await refusalCodes(response)).toEqual({ status: 404, code: -32_601 });
    },
  );

  it("is answered without a session whatever session it names", HANG_LIMIT, async () => {
    const before = openDatabases(server);

    const response = await post(ADD, {
      ...headersOf("tools/call", "add"),
      "mcp-session-id": `${"0".repeat(32)}-${"0".repeat(32)}`,
    });

    expect((await messageOf(response)).result).toMatchObject({ structuredContent: { sum: 3 } });
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(openDatabases(server)).toEqual(before);
  });

  it.each(["GET", "DELETE"])("gets 405 with %s", HANG_LIMIT, async (method) => {
    const headers = { "mcp-protocol-version": "2026-07-28", accept: "text/event-stream" };

    const response = await send(server, { token, path, method, headers });

    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST");
    await response.text();
  });
});
