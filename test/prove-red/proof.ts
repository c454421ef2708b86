import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { Guard, SecurityCase } from "../security/security-case.ts";
import { lineOf } from "./apply-edits.ts";
import { runTests } from "./run-tests.ts";
import { type ChangedFiles, changedFiles, type TreeCopy } from "./tree-copy.ts";
import { faultOf, type Verdict, verdictOf } from "./verdict.ts";

/** One guard of one case, and what the files say without it. */
export interface Attempt {
  readonly subject: SecurityCase;
  /** From 1. */
  readonly number: number;
  /** Where the guard begins, such as `src/mcp/session-guard.ts:31`. */
  readonly place: string;
  readonly files: ChangedFiles;
}

export interface Proof extends Verdict {
  readonly attempt: Attempt;
  readonly seconds: number;
}

interface Limits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

function placeOf(folder: string, [edit]: Guard): string {
  if (!edit) throw new Error("A guard needs an edit.");
  return `${edit.file}:${lineOf(readFileSync(join(folder, edit.file), "utf8"), edit)}`;
}

/** The guards of all cases. Throws with the case's name when an edit does not fit its file. */
export function attemptsOf(folder: string, cases: readonly SecurityCase[]): Attempt[] {
  return cases.flatMap((subject) =>
    subject.guards.map((guard, index) => {
      const number = index + 1;
      try {
        const files = changedFiles(folder, guard);
        return { subject, number, place: placeOf(folder, guard), files };
      } catch (error) {
        const why = (error as Error).message;
        throw new Error(`${subject.id}, guard ${number}: ${why}`, { cause: error });
      }
    }),
  );
}

/** What is wrong with the cases' tests while every guard is on; empty when all pass. */
export async function faultsOfBaseline(
  copy: TreeCopy,
  cases: readonly SecurityCase[],
  { timeoutMs, signal }: Limits,
): Promise<string[]> {
  const tests = cases.flatMap((each) => each.tests);
  const options = { folder: copy.folder, timeoutMs: timeoutMs * cases.length, signal };
  const report = await runTests(tests, options);
  if (typeof report === "string") return [report];
  return cases.flatMap(({ id, tests }) => {
    const faults = tests.flatMap((test) => faultOf(report, test) ?? []);
    return faults.map((fault) => `${id}: ${fault}`);
  });
}

/** Switches one guard off, runs its case's tests, and switches it on again. */
export async function prove(copy: TreeCopy, attempt: Attempt, limits: Limits): Promise<Proof> {
  const { tests } = attempt.subject;
  const begun = performance.now();
  const report = await copy.with(attempt.files, () =>
    runTests(tests, { folder: copy.folder, ...limits }),
  );
  const verdict: Verdict =
    typeof report === "string" ? { outcome: "broken", detail: report } : verdictOf(report, tests);
  return { ...verdict, attempt, seconds: (performance.now() - begun) / 1000 };
}
