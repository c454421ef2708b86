import { readFileSync } from "node:fs";

import { unstable_readConfig } from "wrangler";

import { strayAliases } from "../bench/bundle-aliases.ts";
import { type BundleBudget, overBudget } from "../bench/bundle-budget.ts";
import { bundleSize } from "../bench/bundle-size.ts";
import { withScratchFolder } from "../bench/scratch-folder.ts";
import { OURS } from "../bench/workers/configs.ts";

const BUDGET = new URL("../bench/bundle-budget.json", import.meta.url);

const ADVICE = `What nobody calls can stay out: npm run bench:bundle shows what each package weighs, and
docs/decisions/0017-what-stays-out-of-the-bundle.md how parts are left out. What is needed raises
bench/bundle-budget.json, in a commit that says why.`;

const budget = JSON.parse(readFileSync(BUDGET, "utf8")) as BundleBudget;

const faults = await withScratchFolder(async (folder) => {
  const { size, built } = await bundleSize(OURS, folder);
  const { alias = {} } = unstable_readConfig({ config: OURS });
  return [...overBudget(size, budget), ...strayAliases(Object.keys(alias), built.metafile)];
});

if (faults.length > 0) {
  console.error(["The bundle:", ...faults.map((fault) => `- ${fault}.`), ADVICE].join("\n"));
  process.exitCode = 1;
}
