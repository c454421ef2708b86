import { bundleTable } from "./bundle-sizes.ts";
import { writeDocument } from "./document.ts";
import { readOptions } from "./options.ts";
import { resultsTable } from "./results.ts";
import { measureRounds, type Measured, type Plan } from "./rounds.ts";
import { rowsFor } from "./rows.ts";
import { withScratchFolder } from "./scratch-folder.ts";
import { startSites } from "./sites.ts";
import { measureWays, waysTable } from "./ways.ts";

interface Findings {
  readonly measured: Measured[];
  readonly ways: string;
}

async function measure(plan: Plan, folder: string): Promise<Findings> {
  console.error("Building and starting the floor, the stock servers and ours.");
  const sites = await startSites(folder);
  try {
    const measured = await measureRounds(rowsFor(sites), plan, (round) =>
      console.error(`Round ${round} of ${plan.rounds}.`),
    );
    console.error("Now the same call by each way in.");
    const ways = waysTable(await measureWays(sites, plan), plan.connections);
    return { measured, ways };
  } finally {
    await sites.close();
  }
}

const { plan, write } = readOptions(process.argv.slice(2));

await withScratchFolder(async (folder) => {
  const { measured, ways } = await measure(plan, folder);
  const { connections } = plan;
  const results = resultsTable(measured, connections);
  console.log(`${results}\n\n${ways}`);
  if (!write) return;
  const rows = measured.map(({ row }) => row);
  const rounds = measured[0]?.samples.ours.length ?? 0;
  await writeDocument({
    rows,
    rounds,
    connections,
    results,
    ways,
    bundle: await bundleTable(folder),
  });
});
