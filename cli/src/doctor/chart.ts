import { BridgeError } from "../bridge-error.ts";
import { failureOf } from "./failure-of.ts";

/** In the order in which they are taken. */
const STEPS = [
  "dns",
  "tls",
  "reachability",
  "challenge",
  "resource metadata",
  "authorization server",
  "registration",
  "token",
  "authenticated request",
  "protocol",
  "tools",
  "round trips",
] as const;

export type StepName = (typeof STEPS)[number];

/** What is wrong, and what to do. */
export interface Problem {
  readonly what: string;
  readonly advice?: string | undefined;
}

export interface Entry {
  readonly step: StepName;
  readonly state: "ok" | "failed" | "skipped";
  /** Milliseconds. */
  readonly took: number;
  /** What was found, or why the step was skipped. */
  readonly says: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
}

/**
 * What a step found. It failed if it found problems; later ones may go on with its value all the same,
 * unless that is undefined.
 */
export interface Outcome<T> {
  readonly says: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly problems?: readonly Problem[];
  readonly value: T | undefined;
}

/** What the doctor has found so far. */
export interface Chart {
  readonly entries: readonly Entry[];
  /**
   * Takes a step on the ground of what another one found; undefined, it is skipped. Resolves to what
   * this one found: undefined if it broke off.
   */
  step<G, T>(
    name: StepName,
    ground: G | undefined,
    take: (ground: G) => Promise<Outcome<T>>,
  ): Promise<T | undefined>;
  skip(name: StepName, why: string): void;
}

function problemOf(error: unknown): Problem {
  return error instanceof BridgeError
    ? { what: error.message, advice: error.advice }
    : failureOf(error);
}

/** An empty chart; `onEntry` is told of each entry at once. */
export function newChart(onEntry: (entry: Entry) => void): Chart {
  const entries: Entry[] = [];
  const add = (entry: Entry) => {
    entries.push(entry);
    onEntry(entry);
  };
  const skip = (step: StepName, says: string) =>
    add({ step, state: "skipped", took: 0, says, facts: {}, problems: [] });
  return {
    entries,
    skip,
    async step(step, ground, take) {
      if (ground === undefined) {
        skip(step, "A step before it failed.");
        return undefined;
      }
      const start = performance.now();
      const took = () => Math.round(performance.now() - start);
      try {
        const { says, facts = {}, problems = [], value } = await take(ground);
        const state = problems.length > 0 ? "failed" : "ok";
        add({ step, state, took: took(), says, facts, problems });
        return value;
      } catch (error) {
        const problems = [problemOf(error)];
        add({ step, state: "failed", took: took(), says: "", facts: {}, problems });
        return undefined;
      }
    },
  };
}
