import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { calls } from "../load/calls.ts";
import type { Found } from "../load/found.ts";
import { buildForLoad, type LoadBuilds, type LoadSite, startLoadSite } from "../load/site.ts";
import { soak } from "../load/soak.ts";

/** Far too little to say anything of the Worker: it shows that the loads of `npm run proof` run. */
const LITTLE = { seconds: 1, calibrationSeconds: 1, goneSeconds: 1, besideRate: 8 };

const HANG_MS = 120_000;

const { signal } = new AbortController();

let folder: string;
let builds: LoadBuilds;
let site: LoadSite;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "github-mcp-worker-load-"));
  builds = await buildForLoad(folder);
  site = await startLoadSite(builds, { folder });
});
afterAll(async () => {
  await site.close();
  await rm(folder, { recursive: true, force: true });
});

/** How many questions of each series were answered, once it is clear that none failed. */
function answeredIn({ series }: Found): Record<string, number> {
  expect(series.map(({ errors }) => errors)).toEqual(series.map(() => ({})));
  return Object.fromEntries(series.map(({ name, answered }) => [name, answered]));
}

describe("a little load", { timeout: HANG_MS }, () => {
  it("of stateless calls is answered in full", async () => {
    const found = await calls.run(site, { ...LITTLE, rate: 20, connections: 4 }, signal);

    expect(answeredIn(found)).toEqual({ "calibration: floor": 20, "add, stateless": 20 });
  });

  it("of everything in turns is answered in full", async () => {
    const found = await soak.run(
      site,
      { ...LITTLE, rate: 40, seconds: 2, sampleSeconds: 0.2, fillSeconds: 1 },
      signal,
    );

    expect(answeredIn(found)).toMatchObject({ "everything, in turns": 80 });
  });
});
