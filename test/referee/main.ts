import { startRefereeSite } from "./referee-site.ts";
import { RUNS } from "./runs.ts";
import { complaintsOf } from "./scenario.ts";
import { summaryOf, tableOf } from "./verdict.ts";

/** Prints each run as it ends, and what was objected to. Exits with 1 for any objection. */
const site = await startRefereeSite();
const complaints: string[] = [];
try {
  for (const { name, judge } of RUNS) {
    const scenarios = await judge(site);
    const found = scenarios.flatMap(complaintsOf).map((complaint) => `${name}: ${complaint}`);
    complaints.push(...found);
    process.stdout.write(
      `${[tableOf(name, scenarios), ...found, summaryOf(scenarios)].join("\n")}\n\n`,
    );
  }
} finally {
  await site.close();
}
if (complaints.length > 0) {
  process.stdout.write(`Not clean:\n${complaints.join("\n")}\n`);
  process.exitCode = 1;
}
