import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, ERAS } from "../../support/connect.ts";
import { logLines } from "../../support/log-lines.ts";
import { openRoads, STATELESS_META, statelessHeaders } from "../../support/mcp-roads.ts";
import { messageOf, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { registerClient, type SignedIn, signIn } from "../../support/sign-in.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

let server: TestServer;
let person: SignedIn;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/measured.ts" });
  const client = await registerClient(server, { client_name: "A measured client" });
  person = await signIn(server, "octocat", { client });
});
afterAll(() => server.close());

const CALLS = [
  { era: "sse", road: "/sse/message" },
  { era: "session", road: "/mcp in a session" },
  { era: "stateless", road: "/mcp stateless" },
] as const;

/** A call as its era has it. */
function call(
  name: string,
  { era = "stateless", meta = {} }: { era?: string; meta?: object } = {},
) {
  const envelope = era === "stateless" ? STATELESS_META : {};
  const params = { name, arguments: { a: 1, b: 2 }, _meta: { ...envelope, ...meta } };
  const headers = era === "stateless" ? statelessHeaders("tools/call", name) : {};
  return { message: { jsonrpc: "2.0", id: 7, method: "tools/call", params }, headers };
}

/** The one line of a call, once it is there: a call's line may follow its answer. */
async function lineOf(response: Response) {
  const requestId = response.headers.get("x-request-id");
  const lines = () =>
    logLines(server, "tool.called").filter((line) => line.requestId === requestId);
  await expect.poll(lines).toHaveLength(1);
  return lines()[0];
}

describe("a tool call", () => {
  it.each(CALLS)(
    "leaves one line with who, what and which request: $era",
    async ({ era, road }) => {
      const roads = await openRoads(server, person.access_token);

      const response = await roads.post[road](call("add", { era }));

      expect(await lineOf(response)).toEqual({
        event: "tool.called",
        tool: "add",
        caller: "person:583231",
        way: "oauth",
        grant: person.access_token.split(":")[1],
        client: "A measured client",
        era,
        outcome: "ok",
        ms: expect.any(Number),
        requestId: response.headers.get("x-request-id"),
      });
      await response.body?.cancel();
      await roads.close();
    },
  );

  it.each(CALLS)("names the client's trace as OpenTelemetry does: $era", async ({ era, road }) => {
    const roads = await openRoads(server, person.access_token);
    const meta = { traceparent: `00-${TRACE}-${SPAN}-01` };

    const response = await roads.post[road](call("add", { era, meta }));

    expect(await lineOf(response)).toMatchObject({ trace_id: TRACE, span_id: SPAN });
    await response.body?.cancel();
    await roads.close();
  });

  it.each([
    ["of another shape", "not a trace"],
    ["with no trace in it", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["of a version that is none", `ff-${TRACE}-${SPAN}-01`],
    ["with a line break", `00-${TRACE}-${SPAN}-01\n{"event":"forged"}`],
    ["that is no text", { traceId: TRACE }],
  ])("ignores a trace context %s", async (_shape, traceparent) => {
    const response = await send(server, {
      token: person.access_token,
      ...call("add", { meta: { traceparent } }),
    });

    expect(response.status).toBe(200);
    const line = await lineOf(response);
    expect(line).not.toHaveProperty("trace_id");
    expect(line).not.toHaveProperty("span_id");
  });

  it("tells the client its request's id when it fails", async () => {
    await server.github.fault({
      match: { path: "/user$" },
      fault: { kind: "status", status: 500 },
      times: 1,
    });

    const response = await send(server, {
      token: person.access_token,
      ...call("userInfoOctokit"),
    });

    const requestId = response.headers.get("x-request-id");
    expect(await lineOf(response)).toMatchObject({ outcome: "github_unavailable" });
    expect((await messageOf(response)).result).toMatchObject({ _meta: { requestId } });
  });
});

describe("metrics", () => {
  it("count calls by tool, client, era and outcome", async () => {
    await server.github.fault({
      match: { path: "/user$" },
      fault: { kind: "status", status: 403 },
    });
    const before = (await metrics()).length;
    for (const { connect } of ERAS) {
      const client = await connect(server.url, person.access_token);
      await callTool(client, "add", { a: 1, b: 2 });
      await callTool(client, "userInfoOctokit");
      await client.close();
    }
    await server.github.clearFaults();

    const point = (tool: string, era: string, outcome: string) => ({
      indexes: [tool],
      blobs: [tool, "A measured client", era, outcome],
      doubles: [expect.any(Number)],
    });
    expect((await metrics()).slice(before)).toEqual(
      ["sse", "session", "stateless"].flatMap((era) => [
        point("add", era, "ok"),
        point("userInfoOctokit", era, "forbidden"),
      ]),
    );
  });
});

async function metrics(): Promise<unknown[]> {
  return (await (await fetch(`${server.url}/_metrics`)).json()) as unknown[];
}
