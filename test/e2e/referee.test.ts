import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { RUN_TIMEOUT_MS } from "../referee/conformance.ts";
import { type RefereeSite, startRefereeSite } from "../referee/referee-site.ts";
import { RUNS } from "../referee/runs.ts";
import { complaintsOf } from "../referee/scenario.ts";

let site: RefereeSite;
beforeAll(async () => {
  site = await startRefereeSite();
});
afterAll(() => site.close());

/** The bridge is a client, in a hundred processes: `npm run referee` has it judged too. */
const ofServers = RUNS.filter(({ name }) => !name.startsWith("bridge "));

describe("the referee of MCP", () => {
  it.each(ofServers)(
    "objects to nothing: $name",
    { timeout: RUN_TIMEOUT_MS },
    async ({ judge }) => {
      const scenarios = await judge(site);

      expect(scenarios.flatMap(complaintsOf)).toEqual([]);
    },
  );
});
