import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { amountOf } from "../../support/long-run.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { messageOf, openSession, send, toolCall } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

const COUNT = amountOf("RANDOM_ARGUMENTS", 100);
const AT_ONCE = 25;
const LONG_MS = 180_000;
/** The same values each time. */
const SEED = 20_261_121;

const anyValue = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.double(),
  fc.constantFrom("__proto__", "octocat/..", "a/b/c", "\0", "x".repeat(10_000), -0, 1e308, 2 ** 53),
);

const ARGUMENTS = [
  { tool: "add", usual: { a: 1, b: 2 }, argument: "a", takes: "number" },
  { tool: "add", usual: { a: 1, b: 2 }, argument: "b", takes: "number" },
  { tool: "getGithubReadme", usual: {}, argument: "repositoryUrl", takes: "string" },
] as const;

let server: TestServer;
let token: string;
let sessionId: string;
beforeAll(async () => {
  server = await startServer();
  token = (await signIn(server, "octocat")).access_token;
  sessionId = await openSession(server, token);
});
afterAll(() => server.close());

type Call = (tool: string, args: Record<string, unknown>) => Promise<Response>;

/** The schema is the same on both; a session's calls take longer. */
const ROADS: readonly { road: string; count: number; call: Call }[] = [
  {
    road: "a session",
    count: COUNT / 10,
    call: (tool, args) => send(server, { token, sessionId, message: toolCall(tool, args) }),
  },
  {
    road: "the stateless protocol",
    count: COUNT,
    call: (tool, args) =>
      send(server, {
        token,
        message: statelessMessage("tools/call", { name: tool, arguments: args }),
        headers: statelessHeaders("tools/call", tool),
      }),
  },
];

describe.each(ROADS)("$count random values over $road", ({ call, count }) => {
  it.each(ARGUMENTS)(
    "for $argument of $tool are answered or refused, and crash nothing",
    async ({ tool, usual, argument, takes }) => {
      const values = fc.sample(anyValue, { numRuns: count, seed: SEED });

      const check = async (value: unknown) => {
        const response = await call(tool, { ...usual, [argument]: value });
        // What JSON cannot say arrives as null.
        const sent: unknown = JSON.parse(JSON.stringify(value));
        const { result, error } = await messageOf(response);
        const isRefused = error ? error.code === -32_602 : result.isError === true;
        expect({ sent, status: response.status }).toEqual({ sent, status: 200 });
        expect({ sent, text: JSON.stringify(result ?? error) }).not.toMatchObject({
          text: expect.stringMatching(/Something went wrong|-32603/),
        });
        const isRight = isRefused || typeof sent === takes;
        expect({ sent, isRight }).toEqual({ sent, isRight: true });
      };
      for (let start = 0; start < count; start += AT_ONCE) {
        await Promise.all(values.slice(start, start + AT_ONCE).map(check));
      }
    },
    LONG_MS,
  );
});
