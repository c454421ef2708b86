import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import {
  openRoads,
  type OpenRoads,
  refusalCodes,
  type Road,
  ROADS,
  statelessMessage,
} from "../../support/mcp-roads.ts";
import { INITIALIZE, messageOf, openSession, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

/** No answer takes longer, however odd the headers. */
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

const PING = { jsonrpc: "2.0", id: 1, method: "ping" };

function goodMessage(road: Road): object {
  return road.endsWith("stateless") ? statelessMessage("tools/list") : PING;
}

describe.each(ROADS)("a message posted to %s", (road) => {
  it.each([
    "text/plain",
    "text/plain; x=application/json",
    "application/json-patch+json",
    "application/jsonx",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application",
    ";",
  ])("gets 415 with the content type %s", HANG_LIMIT, async (type) => {
    const response = await roads.post[road]({
      message: goodMessage(road),
      headers: { "content-type": type },
    });

    expect(await refusalCodes(response)).toEqual({ status: 415, code: -32_000 });
    expect(response.headers.get("accept")).toBe("application/json");
  });

  it("gets 415 without a content type", HANG_LIMIT, async () => {
    const body = Buffer.from(JSON.stringify(goodMessage(road)));

    const response = await roads.post[road]({ body, headers: { "content-type": "" } });

    expect(response.status).toBe(415);
  });

  const json = ["application/json; charset=UTF-8", "APPLICATION/JSON"];
  it.each(json)("is served as %s", HANG_LIMIT, async (type) => {
    const response = await roads.post[road]({
      message: goodMessage(road),
      headers: { "content-type": type },
    });

    expect(response.status).toBe(road === "/sse/message" ? 202 : 200);
    await response.text();
  });
});

describe.each(ROADS.filter((road) => road !== "/sse/message"))("a message posted to %s", (road) => {
  it.each(["application/json", "text/event-stream", "*/*", "text/html", ""])(
    "gets 406 when it accepts only “%s”",
    HANG_LIMIT,
    async (accept) => {
      const response = await roads.post[road]({ message: goodMessage(road), headers: { accept } });

      expect(await refusalCodes(response)).toEqual({ status: 406, code: -32_000 });
    },
  );
});

describe("a stream", () => {
  it.each(["application/json", "*/*", "text/html"])(
    "is refused with 406 to a GET on /mcp that accepts only %s",
    HANG_LIMIT,
    async (accept) => {
      const sessionId = await openSession(server, token);

      const response = await send(server, { token, method: "GET", sessionId, headers: { accept } });

      expect(await refusalCodes(response)).toEqual({ status: 406, code: -32_000 });
    },
  );
});

describe.each([
  ["/mcp", "POST, GET, DELETE", ["PUT", "PATCH", "HEAD"]],
  ["/", "POST, GET, DELETE", ["PUT", "PATCH"]],
  ["/sse", "GET", ["POST", "DELETE", "PUT", "PATCH", "HEAD"]],
  ["/sse/message", "POST", ["GET", "DELETE", "PUT", "PATCH", "HEAD"]],
])("the endpoint %s", (path, allow, methods) => {
  it.each(methods)(`answers 405 and allows ${allow} to %s`, HANG_LIMIT, async (method) => {
    const response = await send(server, { token, path, method });

    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe(allow);
  });

  it("answers a preflight that brings no token", HANG_LIMIT, async () => {
    const origin = "http://localhost:6274";

    const response = await send(server, { path, method: "OPTIONS", headers: { origin } });

    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-origin")).toBe(origin);
  });
});

const ODD_SESSION_IDS: readonly [string, string][] = [
  ["2,000 characters", "x".repeat(2000)],
  ["2,000 hexadecimal digits", "0".repeat(2000)],
  ["bytes outside of ASCII", "\u00ff\u00e9".repeat(16)],
  ["spaces", "a b"],
  ["a list of two", `${"0".repeat(32)}-${"0".repeat(32)}, ${"0".repeat(32)}-${"0".repeat(32)}`],
  ["a path in it", "../../etc/passwd"],
];

describe("a session id of", () => {
  it.each(ODD_SESSION_IDS)("%s gets 404 on /mcp", HANG_LIMIT, async (_what, sessionId) => {
    const answers = await Promise.all([
      send(server, { token, sessionId, message: PING }),
      send(server, { token, sessionId, method: "GET" }),
      send(server, { token, sessionId, method: "DELETE" }),
    ]);

    const refused = { status: 404, code: -32_001 };
    expect(await Promise.all(answers.map(refusalCodes))).toEqual([refused, refused, refused]);
  });

  it.each(ODD_SESSION_IDS)("%s gets 404 on /sse/message", HANG_LIMIT, async (_what, sessionId) => {
    const path = `/sse/message?sessionId=${encodeURIComponent(sessionId)}`;

    const response = await send(server, { token, path, message: PING });

    expect(await refusalCodes(response)).toEqual({ status: 404, code: -32_001 });
  });
});

describe("MCP-Protocol-Version in a session", () => {
  const versions = ["1999-01-01", "garbage", "2027-01-01", "2025-11-25, 2025-11-25", "v2025-11-25"];

  it.each(versions)("gets 400 to a message when it is %s", HANG_LIMIT, async (version) => {
    const response = await roads.post["/mcp in a session"]({
      message: PING,
      headers: { "mcp-protocol-version": version },
    });

    expect(response.status).toBe(400);
    expect((await messageOf(response)).error?.message).toBeTruthy();
  });

  it.each(["GET", "DELETE"])("gets 400 to %s when it is 1999-01-01", HANG_LIMIT, async (method) => {
    const sessionId = await openSession(server, token);

    const response = await send(server, {
      token,
      method,
      sessionId,
      headers: { "mcp-protocol-version": "1999-01-01" },
    });

    expect(response.status).toBe(400);
    await response.text();
    const after = await send(server, { token, sessionId, message: PING });
    expect((await messageOf(after)).result).toEqual({});
  });

  it("is ignored when it is another supported version than was agreed", HANG_LIMIT, async () => {
    const response = await roads.post["/mcp in a session"]({
      message: PING,
      headers: { "mcp-protocol-version": "2025-06-18" },
    });

    expect((await messageOf(response)).result).toEqual({});
  });

  it(
    "is answered with one that we speak when initialize asks for another",
    HANG_LIMIT,
    async () => {
      const message = {
        ...INITIALIZE,
        params: { ...INITIALIZE.params, protocolVersion: "1999-01-01" },
      };

      const response = await send(server, { token, message });

      expect((await messageOf(response)).result.protocolVersion).toBe("2025-11-25");
    },
  );
});
