import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, type Connected, ERAS, textOf } from "../../support/connect.ts";
import { refusalOf } from "../../support/refusal.ts";
import { messageOf, openSession, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = (await signIn(server, "octocat")).access_token;
});
afterAll(() => server.close());

describe.each(ERAS)("add over $era", ({ connect }) => {
  let client: Connected;
  beforeAll(async () => {
    client = await connect(server.url, token);
  });
  afterAll(() => client.close());

  it.each([
    { a: 2, b: 40, sum: 42 },
    { a: -7, b: 7, sum: 0 },
    { a: 0.1, b: 0.2, sum: 0.1 + 0.2 },
    { a: -1.5, b: 0.25, sum: -1.25 },
    { a: Number.MAX_SAFE_INTEGER, b: 1, sum: 2 ** 53 },
    { a: 1e-300, b: 5e-324, sum: 1e-300 },
  ])("returns $sum for $a and $b, as data and as text", async ({ a, b, sum }) => {
    const result = await callTool(client, "add", { a, b });

    expect(result.structuredContent).toEqual({ sum });
    expect(textOf(result)).toBe(String(sum));
    expect(result.isError ?? false).toBe(false);
  });

  it.each([
    { a: 1e308, b: 1e308, sum: Number.MAX_VALUE },
    { a: -1e308, b: -1e308, sum: -Number.MAX_VALUE },
  ])("stops at the largest number of JSON when $a is doubled", async ({ a, b, sum }) => {
    const result = await callTool(client, "add", { a, b });

    expect(result.structuredContent).toEqual({ sum });
  });

  it.each([
    { what: "text", args: { a: "2", b: 40 } },
    { what: "nothing", args: {} },
    { what: "only one number", args: { a: 2 } },
    { what: "null", args: { a: null, b: 40 } },
    { what: "a truth value", args: { a: true, b: 40 } },
    { what: "a list", args: { a: [2], b: 40 } },
    { what: "an object", args: { a: { value: 2 }, b: 40 } },
    { what: "infinity, which JSON writes as null", args: { a: Infinity, b: 40 } },
    { what: "no number, which JSON writes as null", args: { a: Number.NaN, b: 40 } },
  ])("refuses $what", async ({ args }) => {
    const refusal = await refusalOf(client, "add", args);

    expect(refusal).toMatch(/Invalid (arguments|input)/);
  });
});

describe("add", () => {
  it("refuses a number that is written too large for a number", async () => {
    const sessionId = await openSession(server, token);
    const body =
      '{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"add","arguments":{"a":1e999,"b":1}}}';

    const response = await send(server, { token, sessionId, body });

    const { result } = await messageOf(response);
    expect(result).toMatchObject({ isError: true });
    expect(result.structuredContent).toBeUndefined();
  });
});
