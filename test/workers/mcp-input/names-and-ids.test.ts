import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { HANG_MS } from "../../support/hang.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { messageOf, openSession, openSse, send, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

/** No answer takes longer, whatever is named. */
const HANG_LIMIT = { timeout: HANG_MS };

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

type Reply = Awaited<ReturnType<typeof messageOf>>;

/** Calls a tool, and returns the whole reply. The arguments are text, so that they can name anything. */
type Ask = (name: string, args: string) => Promise<Reply>;

function body(message: object, args: string): string {
  return JSON.stringify(message).replace('"arguments":{}', `"arguments":${args}`);
}

async function askInSession(name: string, args: string): Promise<Reply> {
  const sessionId = await openSession(server, token);
  return messageOf(await send(server, { token, sessionId, body: body(toolCall(name), args) }));
}

async function askStateless(name: string, args: string): Promise<Reply> {
  const message = statelessMessage("tools/call", { name, arguments: {} });
  const headers = statelessHeaders("tools/call", name);
  return messageOf(await send(server, { token, headers, body: body(message, args) }));
}

async function askOverSse(name: string, args: string): Promise<Reply> {
  const stream = await openSse(server, token);
  await send(server, { token, path: stream.endpoint, body: body(toolCall(name), args) });
  const reply = (await stream.next()) as Reply;
  await stream.close();
  return reply;
}

/** The eras differ in the envelope: a result with isError, or an error with -32602. */
function refusalIn({ result, error }: Reply): string {
  if (error?.code === -32_602) return error.message;
  if (result?.isError === true) return result.content[0].text;
  throw new Error(`No refusal: ${JSON.stringify(error ?? result)}`);
}

const PROTOTYPE = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype"];

describe.each<[string, Ask]>([
  ["in a session", askInSession],
  ["stateless", askStateless],
  ["over HTTP with SSE", askOverSse],
])("a tool call %s", (_era, ask) => {
  it.each([...PROTOTYPE, "", "ADD", "../add"])(
    "gets a plain error for the tool “%s”",
    HANG_LIMIT,
    async (name) => {
      expect(refusalIn(await ask(name, "{}"))).toContain(name);
    },
  );

  it.each(PROTOTYPE)(
    "gets a plain error for %s in place of an argument",
    HANG_LIMIT,
    async (name) => {
      const refusal = refusalIn(await ask("add", `{"${name}":{"a":1,"b":2}}`));

      expect(refusal).toMatch(/expected number/i);
    },
  );

  it.each(PROTOTYPE)(
    "is answered as ever with %s beside its arguments",
    HANG_LIMIT,
    async (name) => {
      const { result } = await ask("add", `{"a":1,"b":2,"${name}":{"a":5,"structuredContent":1}}`);

      expect(result.structuredContent).toEqual({ sum: 3 });
    },
  );
});

describe.each(PROTOTYPE)("the method %s", (method) => {
  it("gets -32601 in a session", HANG_LIMIT, async () => {
    const sessionId = await openSession(server, token);

    const response = await send(server, {
      token,
      sessionId,
      message: { jsonrpc: "2.0", id: 1, method },
    });

    expect((await messageOf(response)).error?.code).toBe(-32_601);
  });
});

describe("three calls with one id in one session", () => {
  it("get each its own answer", HANG_LIMIT, async () => {
    const sessionId = await openSession(server, token);
    // GitHub answers late, so that all three are under way at once.
    await server.github.fault({
      match: { login: "octocat", path: "/api/v3/" },
      fault: { kind: "slow", delayMs: 500 },
      times: 1,
    });

    const replies = await Promise.all(
      [
        toolCall("userInfoOctokit", {}, 7),
        toolCall("add", { a: 1, b: 2 }, 7),
        toolCall("add", { a: 20, b: 30 }, 7),
      ].map(async (message) => messageOf(await send(server, { token, sessionId, message }))),
    );

    const answers = replies.map(({ result }) => result.structuredContent);
    expect(answers).toEqual([
      expect.objectContaining({ login: "octocat" }),
      { sum: 3 },
      { sum: 50 },
    ]);
  });
});
