import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { endSignal } from "../../scripts/end-signals.ts";
import { securityCases } from "../security/index.ts";
import { type Options, readOptions } from "./options.ts";
import { attemptsOf, faultsOfBaseline, prove, type Proof } from "./proof.ts";
import { proofLine, RESULT_FILE, summary, writeResult } from "./report.ts";
import { TreeCopy } from "./tree-copy.ts";

/**
 * Switches every guard of the security index off, one at a time, in a copy of the project, and sees
 * its tests turn red: `npm run prove-red`, or `npm run prove-red -- A28 B10 --jobs 2`.
 */

const INTERRUPTED = 130;

const root = fileURLToPath(new URL("../..", import.meta.url));
const signal = endSignal();

const say = (text: string) => process.stdout.write(`${text}\n`);

async function proveAll({ cases, jobs, timeoutMs }: Options, folder: string): Promise<Proof[]> {
  const limits = { timeoutMs, signal };
  const copies = Array.from({ length: jobs }, (_, index) => {
    return new TreeCopy(root, join(folder, String(index + 1)));
  });
  const [first] = copies;
  if (!first) throw new Error("There is nothing to work with.");
  const attempts = attemptsOf(first.folder, cases);
  say(`${attempts.length} guards of ${cases.length} cases. First their tests with every guard on.`);
  const faults = await faultsOfBaseline(first, cases, limits);
  if (faults.length > 0) throw new Error(`The tests do not pass:\n${faults.join("\n")}`);

  const queue = attempts.values();
  const proofs: Proof[] = [];
  const work = async (copy: TreeCopy) => {
    for (const attempt of queue) {
      const proof = await prove(copy, attempt, limits);
      say(proofLine(proof));
      proofs.push(proof);
    }
  };
  // All of them, so that no copy is still in use when it is removed.
  const endings = await Promise.allSettled(copies.map(work));
  const failed = endings.find(({ status }) => status === "rejected");
  if (failed?.status === "rejected") throw failed.reason;
  return proofs;
}

const begun = performance.now();
const folder = mkdtempSync(join(tmpdir(), "prove-red-"));
// Whoever asks twice to end does not wait for what is under way.
process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
try {
  const options = readOptions(process.argv.slice(2), securityCases);
  const proofs = await proveAll(options, folder);
  say(`\n${summary(proofs)}`);
  if (proofs.some(({ outcome }) => outcome !== "red")) process.exitCode = 1;
  if (options.isWhole) {
    writeResult(root, proofs, performance.now() - begun);
    say(`\nWritten to ${RESULT_FILE}; npm run docs takes it over.`);
  }
} catch (error) {
  process.exitCode = signal.aborted ? INTERRUPTED : 1;
  if (!signal.aborted) process.stderr.write(`${(error as Error).message}\n`);
}
