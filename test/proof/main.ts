import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { endSignal } from "../../scripts/end-signals.ts";
import { writeDocument } from "./document.ts";
import { keepResult } from "./results.ts";
import { runStage } from "./run-stage.ts";
import { stages } from "./stages.ts";

/**
 * What is too long for every run of the tests: `npm run proof`, or some of it, `npm run proof --
 * requests sessions`. Each stage leaves a dated result in docs/results; docs/proof.md shows them.
 * Shorter: `HOSTILE_REQUESTS=2000 INTERLEAVINGS=50 npm run proof`.
 */

const INTERRUPTED = 130;

const signal = endSignal();
const folder = await mkdtemp(join(tmpdir(), "proof-"));
try {
  for (const stage of stages(process.argv.slice(2))) {
    process.stdout.write(`\n${stage.title}: at most ${stage.limitMs / 60_000} minutes.\n`);
    const outcome = await runStage(stage, folder, signal);
    if (signal.aborted) break;
    if (!outcome.passed) process.exitCode = 1;
    await keepResult(outcome);
    await writeDocument();
  }
  if (signal.aborted) process.exitCode = INTERRUPTED;
  else process.stdout.write("\nWritten: docs/proof.md\n");
} finally {
  await rm(folder, { recursive: true, force: true });
}
