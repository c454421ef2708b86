import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { recordFigure } from "../../support/abuse-figures.ts";
import { flood, from } from "../../support/flood.ts";
import { costOf } from "../../support/operation-costs.ts";
import { INITIALIZE, send } from "../../support/rpc.ts";
import { startServer, type TestServer } from "../../support/server.ts";

const TIMES = 200;

const headers = from("192.0.2.1");

let server: TestServer;
beforeAll(async () => {
  const main = "test/support/entries/counted.ts";
  server = await startServer({ main, limits: "deployed" });
});
afterAll(() => server.close());

describe("health checks, as often as they come", () => {
  it.each([
    { check: "GET /health", status: 200, poll: () => fetch(`${server.url}/health`, { headers }) },
    { check: "HEAD /", status: 200, poll: () => fetch(server.url, { method: "HEAD", headers }) },
    {
      check: "GET /mcp without a token",
      status: 401,
      poll: () => send(server, { method: "GET", headers }),
    },
    {
      check: "initialize without a token",
      status: 401,
      poll: () => send(server, { message: INITIALIZE, headers }),
    },
  ])("get $status for $check, and touch no storage, no object and no counter", async (check) => {
    const cost = await costOf(server, check.check, async () => {
      const { tally } = await flood(TIMES, check.poll);
      expect(tally).toEqual({ [check.status]: TIMES });
    });

    expect(cost).toMatchObject({ kv: {}, objects: {}, limits: 0 });
    const abuse = `${TIMES} health checks: ${check.check}`;
    const name = `polling-${check.check.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`;
    recordFigure(name, { abuse, requests: TIMES, refused: 0, objects: 0 }, cost);
  });
});
