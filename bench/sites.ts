import { join } from "node:path";

import { type Build, build, type BuildOptions } from "./workers/build.ts";
import { type ComparedWorker, configOf, OURS, testEntry } from "./workers/configs.ts";
import type { Limits } from "./workers/run.ts";

/** What a build is: a stranger with a configuration of its own, or ours, perhaps with another entry. */
const BUILDS = {
  floor: { compared: "floor" },
  "stock-stateless": { compared: "stock-stateless" },
  "stock-session": { compared: "stock-session" },
  ours: {},
  "own-floor": { entry: "constant-answer" },
  "many-tools": { entry: "many-tools" },
} as const satisfies Record<string, { compared?: ComparedWorker; entry?: string }>;

export type BuildName = keyof typeof BUILDS;

const OWN_TOOLS = "add,userInfoOctokit,getGithubReadme,whoami";

/** Every Worker that is measured, each in a workerd of its own. */
export const SITES = {
  floor: { build: "floor", kind: "floor" },
  "own floor": { build: "own-floor", kind: "ours", tools: OWN_TOOLS },
  "own floor, no limits": { build: "own-floor", kind: "ours", tools: OWN_TOOLS, limits: "none" },
  ours: { build: "ours", kind: "ours", tools: OWN_TOOLS },
  "ours, 200 tools": { build: "many-tools", kind: "ours", tools: "" },
  "stock stateless": { build: "stock-stateless", kind: "stock", tools: "4", path: "/mcp" },
  "stock stateless, 200 tools": {
    build: "stock-stateless",
    kind: "stock",
    tools: "200",
    path: "/mcp",
  },
  "stock session": { build: "stock-session", kind: "stock", tools: "4", path: "" },
  "stock session, 200 tools": { build: "stock-session", kind: "stock", tools: "200", path: "" },
} as const satisfies Record<string, SitePlan>;

export type SiteName = keyof typeof SITES;

export type SitePlan = { readonly build: BuildName } & (
  | { readonly kind: "floor" }
  /** Which tools are offered: names, comma-separated; all of them when empty. */
  | { readonly kind: "ours"; readonly tools: string; readonly limits?: Limits }
  /** How many tools are offered, and what tokens are bound to below the origin. */
  | { readonly kind: "stock"; readonly tools: string; readonly path: string }
);

async function optionsOf(name: BuildName, folder: string): Promise<BuildOptions> {
  const outdir = join(folder, name, "out");
  const recipe: { compared?: ComparedWorker; entry?: string } = BUILDS[name];
  if (recipe.compared !== undefined)
    return { config: await configOf(recipe.compared, join(folder, name)), outdir };
  return { config: OURS, main: recipe.entry && testEntry(recipe.entry), outdir };
}

/** Bundles what these sites need, each bundle once. */
export async function buildSites(
  names: readonly SiteName[],
  folder: string,
): Promise<ReadonlyMap<BuildName, Build>> {
  const needed = new Set(names.map((name) => SITES[name].build));
  const built = [...needed].map(
    async (name) => [name, await build(await optionsOf(name, folder))] as const,
  );
  return new Map(await Promise.all(built));
}
