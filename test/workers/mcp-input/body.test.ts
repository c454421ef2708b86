import { setTimeout as wait } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import { openSession, openSse, type SseStream } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";
import { sendOverWire, type WireRequest } from "../../support/wire.ts";

/** A body has 15 seconds to arrive; a test has a little more than a server that waits for it. */
const SLOW_LIMIT = { timeout: HANG_MS + 10_000 };

const MIB = 1024 * 1024;

let server: TestServer;
let token: string;
let stream: SseStream;
let sessionId: string;
beforeAll(async () => {
  server = await startServer();
  ({ access_token: token } = await signIn(server, "octocat"));
  sessionId = await openSession(server, token);
  stream = await openSse(server, token);
});
afterAll(async () => {
  await stream.close();
  await server.close();
});

function post(request: Omit<WireRequest, "headers">, length?: number) {
  return sendOverWire(server, {
    ...request,
    headers: [
      ["authorization", `Bearer ${token}`],
      ["accept", "application/json, text/event-stream"],
      ["content-type", "application/json"],
      ["mcp-session-id", sessionId],
      length === undefined ? ["transfer-encoding", "chunked"] : ["content-length", String(length)],
    ],
  });
}

function* spaces(bytes: number): Generator<Uint8Array> {
  const piece = Buffer.alloc(64 * 1024, " ");
  for (let left = bytes; left > 0; left -= piece.length) yield piece.subarray(0, left);
}

const PATHS = [
  ["/mcp", () => "/mcp"],
  ["/", () => "/"],
  ["/sse/message", () => stream.endpoint],
] as const;

describe.each(PATHS)("a body posted to %s", (_name, path) => {
  it.each([
    ["5 MB with its length", 5_000_000, 5_000_000],
    ["5 MB in chunks", 5_000_000, undefined],
    ["12 MB in chunks", 12_000_000, undefined],
    ["one byte more than 1 MiB", MIB + 1, MIB + 1],
  ])("gets 413 when it has %s", SLOW_LIMIT, async (_what, bytes, length) => {
    const answer = await post({ path: path(), body: spaces(bytes) }, length);

    expect(answer.status).toBe(413);
    expect(JSON.parse(answer.text).error.code).toBe(-32_600);
  });

  it("is served when it has 1 MiB", SLOW_LIMIT, async () => {
    const ping = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}');
    const body = [ping, ...spaces(MIB - ping.length)];

    const answer = await post({ path: path(), body }, MIB);

    expect([200, 202]).toContain(answer.status);
  });
});

describe("a body that never arrives", () => {
  async function* drip(): AsyncGenerator<Uint8Array> {
    for (;;) {
      yield Buffer.from(" ");
      await wait(1000);
    }
  }

  async function* silence(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("{");
    await new Promise(() => undefined);
  }

  it.concurrent.each([
    ["a byte a second", drip],
    ["silence after the first byte", silence],
  ])("gets 408 after %s", SLOW_LIMIT, async (_what, body) => {
    const answer = await Promise.race([post({ body: body() }), wait(HANG_MS, { status: "none" })]);

    expect(answer).toMatchObject({
      status: 408,
      text: expect.stringContaining("did not arrive in time"),
    });
  });
});

/** Three times what is taken. All of them arrive in the time of one body, on a busy machine too. */
const LARGE = 3 * MIB;

describe("many large bodies at once", () => {
  it("get 413 each, and leave the server as quick as before", SLOW_LIMIT, async () => {
    const bodies = Array.from({ length: 16 }, () => post({ body: spaces(LARGE) }));
    const answers = await Promise.all(bodies);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
    const after = await post({ body: [Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}')] });
    expect(after.status).toBe(200);
  });
});
