import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { attack, type Tally } from "../../support/hostile/attack.ts";
import { type HostileRequest, hostileRequest } from "../../support/hostile/hostile-request.ts";
import { type TargetServer, targetServer } from "../../support/hostile/target-server.ts";
import { secretsIn } from "../../support/hostile/verdict.ts";
import { amountOf, leaveResult, seedOf } from "../../support/long-run.ts";
import { startServer, type TestServer } from "../../support/server.ts";

/** `HOSTILE_REQUESTS=100000 HOSTILE_SEED=1 npm test -- --project workers hostile/requests` */
const REQUESTS = amountOf("HOSTILE_REQUESTS", 300);
const SEED = seedOf("HOSTILE_SEED");

/** Requests in flight at once. */
const LARGEST_BATCH = 32;

/** What a batch has on average is more: small ones are tried more often. */
const BATCH = 12;

/** Against a hang of the whole run: ten times what a request takes on two cores of its own. */
const TIMEOUT_MS = 120_000 + REQUESTS * 50;

let server: TestServer;
let target: TargetServer;
beforeAll(async () => {
  server = await startServer();
  target = await targetServer(server);
});
afterAll(async () => {
  await target.close();
  await server.close();
});

const nameOf = ({ method, path, query }: HostileRequest) =>
  (method + " " + path + query).slice(0, 200);

describe("a random bad request", () => {
  it(
    "gets a refusal or an answer, never a 5xx, a hang, a secret or a foreign Location",
    { timeout: TIMEOUT_MS },
    async () => {
      const tally: Tally = new Map();
      const began = performance.now();
      const batch = fc.array(hostileRequest(), {
        minLength: 1,
        maxLength: LARGEST_BATCH,
        size: "max",
      });
      const answeredWell = fc.asyncProperty(batch, async (requests) => {
        const all = await Promise.all(requests.map((request) => attack(target, request, tally)));
        const logged = secretsIn(target, JSON.stringify(server.harness.getLogs()));
        server.harness.clearLogs();
        const wrong = all.flatMap((faults, index) =>
          faults.map((fault) => `${nameOf(requests[index]!)}: ${fault}`),
        );
        expect([...wrong, ...logged.map((secret) => `${secret} in the log`)]).toEqual([]);
      });

      await fc.assert(answeredWell, {
        seed: SEED,
        numRuns: Math.ceil(REQUESTS / BATCH),
        interruptAfterTimeLimit: TIMEOUT_MS - 60_000,
        markInterruptAsFailure: true,
      });

      const seconds = (performance.now() - began) / 1000;
      const routes = Object.fromEntries(
        Array.from(tally, ([route, statuses]) => [route, Object.fromEntries(statuses)]),
      );
      await leaveResult("requests", { seed: SEED, seconds, routes });
    },
  );

  it("carries a valid token half of the time, and then names a live session half of the time", () => {
    const requests = fc.sample(hostileRequest(), { seed: 1, numRuns: 4000 });

    const signedIn = requests.filter(({ credential }) => credential.kind === "live");
    const inSession = signedIn.filter(({ session }) => session.kind === "own");

    expect(signedIn.length).toBeGreaterThan(requests.length / 2);
    expect(inSession.length).toBeGreaterThan(signedIn.length / 2);
  });
});
