import { startVitest, type TestCase, type TestModule } from "vitest/node";

import { leaveResult } from "../support/long-run.ts";
import type { ClientFound, ClientsFound, StepOutcome } from "./clients-found.ts";

/** The first line of an error says enough; the whole output stands below the table. */
const SHOWN_LETTERS = 200;

function outcomeOf(test: TestCase, cannot: string | undefined): StepOutcome {
  const result = test.result();
  if (result.state === "passed") return { state: "passed" };
  if (result.state === "failed") {
    const [line = ""] = (result.errors[0]?.message ?? "").split("\n");
    return { state: "failed", why: line.slice(0, SHOWN_LETTERS) };
  }
  if (cannot !== undefined) return { state: "cannot", why: cannot };
  const note = result.state === "skipped" ? result.note : undefined;
  return { state: "not run", why: note ?? "It was not run." };
}

/** What every row of every program came to, whether or not it was run. */
function foundIn(modules: readonly TestModule[]): ClientsFound {
  const rows = new Map<string, ClientFound>();
  const empty: string[] = [];
  for (const module of modules) {
    let isEmpty = true;
    for (const test of module.children.allTests()) {
      const about = test.meta().client;
      if (!about) continue;
      isEmpty = false;
      const { step, cannot, ...row } = about;
      const key = JSON.stringify(row);
      const { steps } = rows.get(key) ?? { steps: {} };
      rows.set(key, { ...row, steps: { ...steps, [step]: outcomeOf(test, cannot) } });
    }
    if (isEmpty) empty.push(module.relativeModuleId);
  }
  const byName = (a: { program: string }, b: { program: string }) =>
    a.program.localeCompare(b.program, "en", { sensitivity: "base" });
  return { rows: [...rows.values()].toSorted(byName), empty: empty.toSorted() };
}

// Every row of every program. What they come to is left for docs/clients.md.
const vitest = await startVitest([], {
  watch: false,
  project: ["clients"],
  reporters: ["default", { onTestRunEnd: (modules) => leaveResult("clients", foundIn(modules)) }],
});
await vitest.close();
