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

/** What `npm run referee` runs besides, and what of it differs is in the later revision's set too. */
const LEFT_OUT = "bridge 2025-11-25";

describe("the referee of MCP", () => {
  it.each(RUNS.filter(({ name }) => name !== LEFT_OUT))(
    "objects to nothing: $name",
    { timeout: RUN_TIMEOUT_MS },
    async ({ judge }) => {
      const scenarios = await judge(site);

      expect(scenarios.flatMap(complaintsOf)).toEqual([]);
    },
  );
});
