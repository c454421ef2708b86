import { parseArgs } from "node:util";

import type { Plan } from "./rounds.ts";

export interface Options {
  readonly plan: Plan;
  /** Whether to write docs/benchmarks.md. */
  readonly write: boolean;
}

const FULL: Plan = {
  rounds: 5,
  connections: 16,
  milliseconds: 140_000,
  warmUp: { exchanges: 600, milliseconds: 600 },
  latency: { exchanges: 150, milliseconds: 300 },
  throughput: { exchanges: 2000, milliseconds: 700 },
};

/** Proves that everything runs and answers correctly; its figures say little. */
const QUICK: Plan = {
  rounds: 1,
  connections: 4,
  milliseconds: 10_000,
  warmUp: { exchanges: 4, milliseconds: 50 },
  latency: { exchanges: 10, milliseconds: 50 },
  throughput: { exchanges: 32, milliseconds: 100 },
};

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      rounds: { type: "string" },
    },
  });
  const plan = values.quick ? QUICK : FULL;
  if (values.rounds === undefined) return { plan, write: values.write };
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError(`--rounds takes a number from 1 up, not "${values.rounds}".`);
  // Who asks for rounds gets them all, however long they take.
  return { plan: { ...plan, rounds, milliseconds: Infinity }, write: values.write };
}
