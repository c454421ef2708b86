import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { runInterleaving } from "../../support/interleaving/run-interleaving.ts";
import { interleaving, type Step } from "../../support/interleaving/step.ts";
import { createWorld, renewWorld, type World } from "../../support/interleaving/world.ts";
import { amountOf, leaveResult, seedOf } from "../../support/long-run.ts";
import { startServer, type TestServer } from "../../support/server.ts";

/** `INTERLEAVINGS=10000 INTERLEAVING_SEED=1 npm test -- --project workers hostile/interleavings` */
const RUNS = amountOf("INTERLEAVINGS", 5);
const SEED = seedOf("INTERLEAVING_SEED");

/** So many runs take a few minutes: less than the ten after which a person's older token is deleted. */
const RUNS_OF_A_WORLD = 250;

/** Against a hang of the whole run: ten times what one takes on two cores of its own. */
const TIMEOUT_MS = 120_000 + RUNS * 1500;

let server: TestServer;
let world: World;
beforeAll(async () => {
  server = await startServer({ main: "test/support/entries/watched-sessions.ts" });
  world = await createWorld(server);
});
afterAll(() => server.close());

describe("five people in twenty-one sessions, with evictions, restarts and trespassers", () => {
  it("act at GitHub under their own token only, once a call", { timeout: TIMEOUT_MS }, async () => {
    const steps = new Map<Step["kind"], number>();
    let runs = 0;
    const began = performance.now();
    const keepsApart = fc.asyncProperty(interleaving(), async (lanes) => {
      runs += 1;
      if (runs % RUNS_OF_A_WORLD === 0) world = await renewWorld(world);
      for (const { kind } of lanes.flat()) steps.set(kind, (steps.get(kind) ?? 0) + 1);
      const faults = await runInterleaving(world, lanes);
      server.harness.clearLogs();
      expect(faults).toEqual([]);
    });

    await fc.assert(keepsApart, {
      seed: SEED,
      numRuns: RUNS,
      interruptAfterTimeLimit: TIMEOUT_MS - 60_000,
      markInterruptAsFailure: true,
    });

    const seconds = (performance.now() - began) / 1000;
    await leaveResult("interleavings", { seed: SEED, seconds, steps: Object.fromEntries(steps) });
  });
});
