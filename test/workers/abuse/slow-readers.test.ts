import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { flood } from "../../support/flood.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";
import { openSlowSockets, type SlowSockets } from "../../support/slow-sockets.ts";

let server: TestServer;
let slow: string;
let other: string;
const open: SlowSockets[] = [];
beforeAll(async () => {
  server = await startServer();
  slow = (await signIn(server, "octocat")).access_token;
  other = (await signIn(server, "hubot")).access_token;
});
afterAll(async () => {
  for (const sockets of open) sockets.close();
  await server.close();
});

async function leaveOpen(
  count: number,
  head: string[],
  { body = "", length }: { body?: string; length?: number } = {},
): Promise<SlowSockets> {
  const { host } = new URL(server.url);
  const lines = [...head, `Host: ${host}`, `Content-Length: ${length ?? body.length}`];
  const sockets = await openSlowSockets(server, count, `${lines.join("\r\n")}\r\n\r\n${body}`);
  open.push(sockets);
  return sockets;
}

const CALLS = 100;

function callsOfSomebodyElse() {
  return flood(CALLS, () =>
    send(server, {
      token: other,
      message: statelessMessage("tools/call", { name: "add", arguments: { a: 1, b: 2 } }),
      headers: statelessHeaders("tools/call", "add"),
    }),
  );
}

/** A call whose answer is long: the server's list of tools. */
function longAnswer(): { head: string[]; body: string } {
  const headers = { ...statelessHeaders("tools/list"), authorization: `Bearer ${slow}` };
  return {
    head: [
      "POST /mcp HTTP/1.1",
      "Content-Type: application/json",
      "Accept: application/json, text/event-stream",
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ],
    body: JSON.stringify(statelessMessage("tools/list")),
  };
}

describe("other people's calls are answered while", () => {
  it("200 clients read nothing of their answers, which are there when they do", async () => {
    const { head, body } = longAnswer();
    const sockets = await leaveOpen(200, head, { body });

    expect((await callsOfSomebodyElse()).tally).toEqual({ 200: CALLS });
    const answers = await sockets.read();
    expect(answers.filter((answer) => answer.startsWith("HTTP/1.1 200"))).toHaveLength(200);
  });

  it("200 clients never finish their requests", async () => {
    const { head } = longAnswer();
    await leaveOpen(200, head, { body: '{"half of', length: 1000 });

    expect((await callsOfSomebodyElse()).tally).toEqual({ 200: CALLS });
  });

  it("150 streams are open and silent", async () => {
    const streams = [
      "GET /sse HTTP/1.1",
      "Accept: text/event-stream",
      `Authorization: Bearer ${slow}`,
    ];
    const sockets = await leaveOpen(150, streams);

    expect((await callsOfSomebodyElse()).tally).toEqual({ 200: CALLS });
    const answers = await sockets.read();
    expect(answers.filter((answer) => answer.startsWith("HTTP/1.1 200"))).toHaveLength(150);
  });
});
