import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { callTool, ERAS } from "../../support/connect.ts";
import { flood, from, untilRefused } from "../../support/flood.ts";
import { logLines } from "../../support/log-lines.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

const ADD = { name: "add", arguments: { a: 1, b: 2 } };

let server: TestServer;
let token: string;
let clients: { era: string; call(): Promise<unknown>; close(): Promise<void> }[];
beforeAll(async () => {
  server = await startServer({ limits: { limit: 60 } });
  token = (await signIn(server, "octocat")).access_token;
  clients = await Promise.all(
    ERAS.map(async ({ era, connect }) => {
      const client = await connect(server.url, token);
      return {
        era,
        call: () => callTool(client, "add", ADD.arguments),
        close: () => client.close(),
      };
    }),
  );
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await server.close();
});

function add(token: string, headers = {}): Promise<Response> {
  return send(server, {
    token,
    message: statelessMessage("tools/call", ADD),
    headers: { ...statelessHeaders("tools/call", "add"), ...headers },
  });
}

/** Calls until a call is refused. */
const reachLimit = () => untilRefused(() => add(token));

describe("a person who calls more often than the limit", () => {
  it("gets 429 with a time to wait, as a JSON-RPC error that says so", async () => {
    const response = await reachLimit();

    expect(response.headers.get("retry-after")).toBe("60");
    expect(await response.json()).toMatchObject({
      jsonrpc: "2.0",
      error: {
        message:
          "There were too many calls in the last minute. Nothing was done. Wait 60 seconds before you try again; trying sooner does not help.",
        data: { requestId: response.headers.get("x-request-id") },
      },
    });
  });

  it.each(ERAS.map(({ era }) => era))("is told to wait by the SDK's client: %s", async (era) => {
    await reachLimit();
    const client = clients.find((each) => each.era === era);
    const answer = async () => {
      await reachLimit();
      return client?.call().catch(String);
    };

    // Once more, where a minute began in between; so do all that follow.
    await expect.poll(answer).toMatch(/Wait 60 seconds before you try again/);
  });

  it("is in the log once a second at most, with how many more were refused meanwhile", async () => {
    await reachLimit();
    const lines = () => logLines(server, "limit.reached").filter(({ limit }) => limit === "call");
    const before = lines().length;
    let refused = 0;
    const refuseMore = async () => {
      refused += (await flood(20, () => add(token))).tally[429] ?? 0;
      return lines().slice(before).at(-1)?.["repeated"];
    };

    await expect.poll(refuseMore, { interval: 20 }).toBeGreaterThan(5);
    expect(lines().length - before).toBeLessThan(refused / 2);
    expect(lines().at(-1)).toMatchObject({ key: "person:583231" });
  });

  it("is limited at every address alike, under each of their tokens", async () => {
    await reachLimit();
    const second = await signIn(server, "octocat");
    const statuses = async () => {
      await reachLimit();
      const answers = [add(token, from("192.0.2.9")), add(second.access_token)];
      return (await Promise.all(answers)).map(({ status }) => status);
    };

    await expect.poll(statuses).toEqual([429, 429]);
  });

  it("limits nobody else", async () => {
    const { access_token } = await signIn(server, "hubot");
    await reachLimit();

    expect((await add(access_token)).status).toBe(200);
  });

  it("may read, as a page of an allowed origin, when to come back", async () => {
    const response = await untilRefused(() => add(token, { origin: "http://localhost:6274" }));

    expect(response.headers.get("access-control-expose-headers")).toContain("Retry-After");
  });
});
