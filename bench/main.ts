import { bundleTable } from "./bundle-sizes.ts";
import { writeDocument } from "./document.ts";
import { readOptions } from "./options.ts";
import { resultsTable } from "./results.ts";
import { measureRounds, type Measured, type Plan } from "./rounds.ts";
import { rowsFor } from "./rows.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { startSites } from "./sites.ts";

async function measure(plan: Plan, folder: string): Promise<Measured[]> {
  console.error("Building and starting the floor, the stock servers and ours.");
  const sites = await startSites(folder);
  try {
    return await measureRounds(rowsFor(sites), plan, (round) =>
      console.error(`Round ${round} of ${plan.rounds}.`),
    );
  } finally {
    await sites.close();
  }
}

const { plan, write } = readOptions(process.argv.slice(2));

await withScratchFolder(async (folder) => {
  const measured = await measure(plan, folder);
  const { connections } = plan;
  const results = resultsTable(measured, connections);
  console.log(results);
  if (!write) return;
  const rows = measured.map(({ row }) => row);
  const rounds = measured[0]?.samples.ours.length ?? 0;
  await writeDocument({ rows, rounds, connections, results, bundle: await bundleTable(folder) });
});
