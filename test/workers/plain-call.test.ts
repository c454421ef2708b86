import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, ERAS, textOf } from "../support/connect.ts";
import { logLines } from "../support/log-lines.ts";
import { statelessHeaders, statelessMessage } from "../support/mcp-roads.ts";
import { messageOf, send } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { signIn } from "../support/sign-in.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/odd-tools.ts" });
  ({ access_token: token } = await signIn(server, "octocat"));
});
afterAll(() => server.close());

/** The same name in the encoding that clients use for names that are no header value. */
const encoded = (name: string) => `=?base64?${Buffer.from(name).toString("base64")}?=`;

function post(name: string, params: Record<string, unknown>, headers: Record<string, string>) {
  const message = statelessMessage("tools/call", { name, ...params });
  return send(server, {
    token,
    message,
    headers: { ...statelessHeaders("tools/call", name), ...headers },
  });
}

/** What was answered, and how many servers of the SDK were made for it. */
async function ask(
  name: string,
  params: Record<string, unknown>,
  headers: Record<string, string> = {},
) {
  const before = logLines(server, "server.made").length;
  const response = await post(name, params, headers);
  const { status, headers: answered } = response;
  const type = answered.get("content-type");
  const requestId = answered.get("x-request-id") ?? "none";
  const message: unknown = JSON.parse(
    JSON.stringify(await messageOf(response)).replaceAll(requestId, "this request"),
  );
  return {
    answer: { status, type, message },
    made: logLines(server, "server.made").length - before,
  };
}

const ADD = { arguments: { a: 1, b: 2 } };

describe("a stateless call in its plainest form", () => {
  it.each<[string, string, Record<string, unknown>]>([
    ["a result", "add", ADD],
    ["a result from GitHub", "userInfoOctokit", {}],
    ["a long text", "getGithubReadme", { arguments: { repositoryUrl: "octocat/hello-world" } }],
    [
      "what a tool says is wrong",
      "getGithubReadme",
      { arguments: { repositoryUrl: "octocat/none" } },
    ],
    ["a crash", "untrue", {}],
  ])("is answered with %s as the SDK would, without a server of the SDK", async (...asked) => {
    const [, name, params] = asked;

    const plain = await ask(name, params);
    const bySdk = await ask(name, params, { "mcp-name": encoded(name) });

    expect(plain.answer).toEqual(bySdk.answer);
    expect([plain.made, bySdk.made]).toEqual([0, 1]);
  });

  it.each<[string, string, Record<string, unknown>]>([
    ["asks for more than a result", "add", { ...ADD, inputResponses: {} }],
    ["has input that does not fit", "add", { arguments: { a: "one" } }],
    ["is for a tool that repeats input in headers", "regional", { arguments: { region: "eu" } }],
    ["is for a tool that is not there", "subtract", {}],
  ])("is left to the SDK when it %s", async (_what, name, params) => {
    expect((await ask(name, params)).made).toBe(1);
  });

  it("is not run when nobody waits for its result", async () => {
    const { id: _id, ...notification } = statelessMessage("tools/call", { name: "add", ...ADD });
    const before = logLines(server, "tool.called").length;

    const response = await send(server, {
      token,
      message: notification,
      headers: statelessHeaders("tools/call", "add"),
    });

    expect([response.status, await response.text()]).toEqual([202, ""]);
    expect(logLines(server, "tool.called")).toHaveLength(before);
  });

  it("is refused when the header that repeats its input says something else", async () => {
    const params = { arguments: { region: "eu" } };

    const { answer } = await ask("regional", params, { "mcp-param-region": "us" });

    expect(answer).toMatchObject({ status: 400, message: { error: { code: -32_020 } } });
  });
});

it.each(ERAS)(
  "says only words of its own of an answer that breaks the promised schema over $era",
  async ({ connect }) => {
    const client = await connect(server.url, token);

    const result = await callTool(client, "untrue");

    expect(result.isError).toBe(true);
    expect(textOf(result)).toMatch(
      /^Something went wrong on this server \(reference [0-9a-f]{16}\)/,
    );
    await client.close();
  },
);
