import { parseArgs } from "node:util";

import type { Plan } from "./rounds.ts";
import { ROW_KEYS } from "./rows.ts";
import type { SessionsPlan } from "./sessions/measure-sessions.ts";

export interface Options {
  readonly plan: Plan;
  readonly sessions: SessionsPlan;
  /** Which rows and stages to measure. */
  readonly keys: ReadonlySet<string>;
  /** Whether to write docs/benchmarks.md and its chart. */
  readonly write: boolean;
}

interface Plans {
  readonly plan: Plan;
  readonly sessions: SessionsPlan;
}

const FULL: Plans = {
  plan: {
    rounds: 9,
    connections: 16,
    milliseconds: 270_000,
    warmUp: { exchanges: 1500, milliseconds: 3000 },
    runIn: { exchanges: 400, milliseconds: 300 },
    latency: { exchanges: 150, milliseconds: 200 },
    throughput: { exchanges: 2000, milliseconds: 600 },
  },
  sessions: { repetitions: 3, warmUp: 50, open: 1000, milliseconds: 90_000 },
};

/** Proves that everything runs and answers correctly; its figures say little. */
const QUICK: Plans = {
  plan: {
    rounds: 1,
    connections: 4,
    milliseconds: 10_000,
    warmUp: { exchanges: 4, milliseconds: 50 },
    runIn: { exchanges: 4, milliseconds: 50 },
    latency: { exchanges: 10, milliseconds: 50 },
    throughput: { exchanges: 32, milliseconds: 100 },
  },
  sessions: { repetitions: 1, warmUp: 2, open: 10, milliseconds: 10_000 },
};

function keysOf(rows: string | undefined): ReadonlySet<string> {
  const keys = rows?.split(",") ?? ROW_KEYS;
  const unknown = keys.find((key) => !ROW_KEYS.includes(key));
  if (unknown !== undefined)
    throw new TypeError(`--rows takes ${ROW_KEYS.join(", ")}, not "${unknown}".`);
  return new Set(keys);
}

/** What the command line asks for. Throws a `TypeError` with words for what it does not know. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      rounds: { type: "string" },
      rows: { type: "string" },
    },
  });
  const keys = keysOf(values.rows);
  if (values.write && values.rows !== undefined)
    throw new TypeError("--write takes all rows, so it goes without --rows.");
  const plans = { ...(values.quick ? QUICK : FULL), keys, write: values.write };
  if (values.rounds === undefined) return plans;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new TypeError(`--rounds takes a number from 1 up, not "${values.rounds}".`);
  // Who asks for rounds gets them all, however long they take.
  return { ...plans, plan: { ...plans.plan, rounds, milliseconds: Infinity } };
}
