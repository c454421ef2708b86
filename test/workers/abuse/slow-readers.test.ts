import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { flood } from "../../support/flood.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";
import { type SlowClient, SlowSockets } from "../../support/slow-sockets.ts";

const CALLS = 100;

let server: TestServer;
let slow: string;
let other: string;
let sockets: SlowSockets;
beforeAll(async () => {
  server = await startServer();
  slow = (await signIn(server, "octocat")).access_token;
  other = (await signIn(server, "hubot")).access_token;
});
afterEach(() => sockets.end());
afterAll(() => server.close());

function open(count: number, head: string[], body = ""): void {
  const lines = [...head, `Host: ${new URL(server.url).host}`, `Authorization: Bearer ${slow}`];
  const client: SlowClient = { sends: `${lines.join("\r\n")}\r\n\r\n${body}`, reads: "a byte" };
  sockets = new SlowSockets(
    server.url,
    Array.from({ length: count }, () => client),
  );
}

const LIST = JSON.stringify(statelessMessage("tools/list"));

/** The head of a question whose answer is long. */
function question(length: number): string[] {
  const headers = Object.entries(statelessHeaders("tools/list"));
  return [
    "POST /mcp HTTP/1.1",
    "Content-Type: application/json",
    "Accept: application/json, text/event-stream",
    `Content-Length: ${length}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
}

function callsOfSomebodyElse() {
  return flood(CALLS, () =>
    send(server, {
      token: other,
      message: statelessMessage("tools/call", { name: "add", arguments: { a: 1, b: 2 } }),
      headers: statelessHeaders("tools/call", "add"),
    }),
  );
}

describe("other people's calls are answered while", () => {
  it("200 clients read nothing of their answers, which are there when they do", async () => {
    open(200, question(LIST.length), LIST);

    expect((await callsOfSomebodyElse()).tally).toEqual({ 200: CALLS });
    await expect.poll(() => sockets.readByte(), { timeout: 10_000 }).toBe(200);
    expect(sockets.closed).toBe(0);
  });

  it("200 clients never finish their requests", async () => {
    open(200, question(1000), '{"half of');

    expect((await callsOfSomebodyElse()).tally).toEqual({ 200: CALLS });
    expect(sockets.readByte()).toBe(0);
  });

  it("60 streams are open and silent", async () => {
    open(60, ["GET /sse HTTP/1.1", "Accept: text/event-stream"]);

    expect((await callsOfSomebodyElse()).tally).toEqual({ 200: CALLS });
    await expect.poll(() => sockets.readByte(), { timeout: 20_000 }).toBe(60);
    expect(sockets.closed).toBe(0);
  });
});
