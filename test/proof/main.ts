import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { writeDocument } from "./document.ts";
import { runStage, type StageOutcome } from "./run-stage.ts";
import { stages } from "./stages.ts";

/**
 * What is too long for every run of the tests: `npm run proof`. It writes docs/proof.md. Shorter:
 * `HOSTILE_REQUESTS=2000 INTERLEAVINGS=50 npm run proof`.
 */

const folder = await mkdtemp(join(tmpdir(), "proof-"));
try {
  const outcomes: StageOutcome[] = [];
  for (const stage of stages()) {
    process.stdout.write(`\n${stage.title}: at most ${stage.limitMs / 60_000} minutes.\n`);
    outcomes.push(await runStage(stage, folder));
  }
  await writeDocument(outcomes);
  process.stdout.write("\nWritten: docs/proof.md\n");
  if (outcomes.some(({ passed }) => !passed)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
