import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MINUTE_MS = 60_000;

/** One of the long runs. All together take about an hour on two cores. */
export interface Stage {
  readonly title: string;
  /** A program of Node.js and its arguments, relative to the project. */
  readonly command: readonly string[];
  /** What turns a test that is short into one that is long. */
  readonly settings: Readonly<Record<string, string>>;
  /** After so many milliseconds, a stage has failed. */
  readonly limitMs: number;
  /** The name under which its test leaves a result. */
  readonly result?: "requests" | "interleavings";
}

const PROVE_RED = "test/prove-red/main.ts";

const vitest = (file: string) => [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--project",
  "workers",
  file,
];

const RANDOM_STAGES: readonly Stage[] = [
  {
    title: "Random bad requests",
    command: vitest("test/workers/hostile/requests.test.ts"),
    settings: { HOSTILE_REQUESTS: "100000" },
    limitMs: 12 * MINUTE_MS,
    result: "requests",
  },
  {
    title: "Random interleavings",
    command: vitest("test/workers/hostile/interleavings.test.ts"),
    settings: { INTERLEAVINGS: "10000" },
    limitMs: 50 * MINUTE_MS,
    result: "interleavings",
  },
  {
    title: "A thousand abandoned sessions, and as many invented ids",
    command: vitest("test/workers/session-end.test.ts"),
    settings: { PROOF_SESSIONS: "1000" },
    limitMs: 8 * MINUTE_MS,
  },
];

/** Settings that are given stay: fewer requests, or a seed to see again. */
export function stages(): Stage[] {
  const proveRed: Stage = {
    title: "Every guard, switched off, turns a test red",
    command: [PROVE_RED],
    settings: {},
    limitMs: 30 * MINUTE_MS,
  };
  const isThere = existsSync(fileURLToPath(new URL(`../../${PROVE_RED}`, import.meta.url)));
  const all = isThere ? [...RANDOM_STAGES, proveRed] : RANDOM_STAGES;
  return all.map((stage) => ({
    ...stage,
    settings: Object.fromEntries(
      Object.entries(stage.settings).map(([name, value]) => [name, process.env[name] ?? value]),
    ),
  }));
}
