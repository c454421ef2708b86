import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import type { SecurityCase } from "../security/security-case.ts";

export interface Options {
  /** What to prove, in the index's order. */
  readonly cases: readonly SecurityCase[];
  /** Whether that is the whole index. */
  readonly isWhole: boolean;
  /** How many guards are off at the same time, each in a copy of its own. */
  readonly jobs: number;
  /** For one guard's tests. */
  readonly timeoutMs: number;
}

function positive(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw new TypeError(`--${name} takes a number from 1 up, not "${value}".`);
}

/** `A33` means its parts too, such as `A33b`. */
const isMeant = (id: string, asked: string) => id === asked || id.replace(/[a-z]$/, "") === asked;

export function readOptions(args: string[], all: readonly SecurityCase[]): Options {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      jobs: { type: "string", default: String(Math.max(1, availableParallelism() >> 1)) },
      timeout: { type: "string", default: "180" },
    },
  });
  const unknown = positionals.filter((asked) => !all.some(({ id }) => isMeant(id, asked)));
  if (unknown.length > 0) throw new TypeError(`No such case: ${unknown.join(", ")}.`);
  const isWhole = positionals.length === 0;
  return {
    cases: all.filter(({ id }) => isWhole || positionals.some((asked) => isMeant(id, asked))),
    isWhole,
    jobs: positive("jobs", values.jobs),
    timeoutMs: positive("timeout", values.timeout) * 1000,
  };
}
