import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { recordFigure } from "../../support/abuse-figures.ts";
import { flood, type Flood } from "../../support/flood.ts";
import { statelessHeaders, statelessMessage } from "../../support/mcp-roads.ts";
import { costOf } from "../../support/operation-costs.ts";
import { INITIALIZE, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";
import { signIn } from "../../support/sign-in.ts";

/** Two windows of the limit, since a storm may touch two. */
const MAX_OPENED = 120;

/** As many for the figures of docs/limits.md; fewer bring a 429 as well. */
const TIMES = process.env["RECORD_FIGURES"] ? 250 : 150;

let server: TestServer;
beforeAll(async () => {
  const main = "test/support/entries/counted.ts";
  server = await startServer({ main, limits: "deployed" });
});
afterAll(() => server.close());

async function sessionObjects(): Promise<number> {
  return (await server.harness.getWorker().listDurableObjectIds("SessionAgent")).length;
}

describe("a storm of clients that connect, break off, and connect again", () => {
  it.each([
    {
      road: "/sse",
      login: "octocat",
      open: (token: string) => send(server, { token, method: "GET", path: "/sse" }),
    },
    {
      road: "initialize",
      login: "hubot",
      open: (token: string) => send(server, { token, message: INITIALIZE }),
    },
  ])("opens a bounded number of sessions by $road", async ({ road, login, open }) => {
    const { access_token: token } = await signIn(server, login);
    const before = await sessionObjects();
    let answers: Flood = { tally: {}, refused: undefined };

    const cost = await costOf(server, road, async () => {
      answers = await flood(TIMES, () => open(token));
    });

    const { 200: opened = 0, 429: refused = 0 } = answers.tally;
    expect(opened).toBeLessThanOrEqual(MAX_OPENED);
    expect(opened + refused).toBe(TIMES);
    expect((await sessionObjects()) - before).toBeLessThanOrEqual(opened);
    expect(answers.refused?.headers.get("retry-after")).toBe("60");
    expect(await answers.refused?.json()).toMatchObject({
      error: { message: expect.stringContaining("Wait 60 seconds") },
    });
    const abuse = `${TIMES} sessions opened and left, by ${road}`;
    const objects = (await sessionObjects()) - before;
    recordFigure(`sessions-${login}`, { abuse, requests: TIMES, refused, objects }, cost);
  });

  it("keeps nobody else from opening one, and its own person from no stateless call", async () => {
    const storm = await signIn(server, "octocat");
    await flood(100, () =>
      send(server, { token: storm.access_token, method: "GET", path: "/sse" }),
    );
    const other = await signIn(server, "mona");

    const opened = await send(server, { token: other.access_token, message: INITIALIZE });
    const called = await send(server, {
      token: storm.access_token,
      message: statelessMessage("tools/call", { name: "add", arguments: { a: 1, b: 2 } }),
      headers: statelessHeaders("tools/call", "add"),
    });

    expect([opened.status, called.status]).toEqual([200, 200]);
  });
});
