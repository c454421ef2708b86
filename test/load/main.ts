import { withScratchFolder } from "../../bench/scratch-folder.ts";
import { endSignal } from "../../scripts/end-signals.ts";
import { amountOf, leaveResult } from "../support/long-run.ts";
import { calls } from "./calls.ts";
import { foundText } from "./document.ts";
import type { Found } from "./found.ts";
import { loginLoop } from "./login-loop.ts";
import { buildForLoad, startLoadSite } from "./site.ts";
import { slowReaders } from "./slow-readers.ts";
import { soak } from "./soak.ts";
import type { LoadStage } from "./stage.ts";
import { storm } from "./storm.ts";
import { streams } from "./streams.ts";

/**
 * One kind of load, on this machine only: `node test/load/main.ts load-calls`. Without settings it
 * is short; `npm run proof` asks for more of everything.
 */

const STAGES: Readonly<Record<string, LoadStage>> = {
  "load-calls": calls,
  "load-streams": streams,
  soak,
  "slow-readers": slowReaders,
  storm,
  "login-loop": loginLoop,
};

const INTERRUPTED = 130;

async function run(stage: LoadStage, signal: AbortSignal): Promise<Found> {
  const plan = Object.fromEntries(
    Object.entries(stage.amounts).map(([name, [variable, usual]]) => [
      name,
      amountOf(variable, usual),
    ]),
  );
  return withScratchFolder(async (folder) => {
    process.stdout.write("Building and starting the Worker and the floor.\n");
    const builds = await buildForLoad(folder);
    const { limits } = stage;
    const site = await startLoadSite(builds, { folder, limits });
    try {
      process.stdout.write(`Load: ${JSON.stringify(plan)}\n`);
      return await stage.run(site, plan, signal);
    } finally {
      await site.close();
    }
  });
}

const [name = ""] = process.argv.slice(2);
const stage = STAGES[name];
if (!stage) throw new Error(`There is no ${name}. Take ${Object.keys(STAGES).join(", ")}.`);
const signal = endSignal();
const found = await run(stage, signal).catch((error: unknown) => {
  if (signal.aborted) return undefined;
  throw error;
});
if (signal.aborted || !found) process.exitCode = INTERRUPTED;
else {
  await leaveResult(name, found);
  process.stdout.write(`${foundText(found)}\n`);
  if (found.faults.length > 0) process.exitCode = 1;
}
