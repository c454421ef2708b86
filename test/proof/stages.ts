const MINUTE_MS = 60_000;

/** One of the long runs. All together take about two hours on two cores. */
export interface Stage {
  readonly name: string;
  readonly title: string;
  /** A program of Node.js and its arguments, relative to the project. */
  readonly command: readonly string[];
  /** What turns a test that is short into one that is long. */
  readonly settings: Readonly<Record<string, string>>;
  /** After so many milliseconds, a stage has failed. */
  readonly limitMs: number;
}

const vitest = (file: string) => [
  "node_modules/vitest/vitest.mjs",
  "run",
  "--project",
  "workers",
  file,
];

const load = (name: string) => ["test/load/main.ts", name];

const CALIBRATION = { LOAD_CALIBRATION_SECONDS: "20" };

const STAGES: readonly Stage[] = [
  {
    name: "requests",
    title: "Random bad requests",
    command: vitest("test/workers/hostile/requests.test.ts"),
    settings: { HOSTILE_REQUESTS: "100000" },
    limitMs: 20 * MINUTE_MS,
  },
  {
    name: "interleavings",
    title: "Random interleavings",
    command: vitest("test/workers/hostile/interleavings.test.ts"),
    settings: { INTERLEAVINGS: "10000" },
    limitMs: 50 * MINUTE_MS,
  },
  {
    name: "sessions",
    title: "A thousand abandoned sessions, and as many invented ids",
    command: vitest("test/workers/session-end.test.ts"),
    settings: { PROOF_SESSIONS: "1000" },
    limitMs: 8 * MINUTE_MS,
  },
  {
    name: "arguments",
    title: "A thousand random values for each argument of a tool",
    command: vitest("test/workers/tools/random-arguments.test.ts"),
    settings: { RANDOM_ARGUMENTS: "1000" },
    limitMs: 8 * MINUTE_MS,
  },
  {
    name: "github-faults",
    title: "Every kind of trouble at GitHub",
    command: vitest("test/workers/faults/github.test.ts"),
    settings: { GITHUB_TROUBLES: "100" },
    limitMs: 8 * MINUTE_MS,
  },
  {
    name: "storage-faults",
    title: "Every fault of KV and of objects, in every operation",
    command: vitest("test/workers/faults"),
    settings: { FAULT_MATRIX: "3" },
    limitMs: 12 * MINUTE_MS,
  },
  {
    name: "load-calls",
    title: "Many stateless calls a second",
    command: load("load-calls"),
    settings: { LOAD_CALLS_RATE: "500", LOAD_CALLS_SECONDS: "300", ...CALIBRATION },
    limitMs: 10 * MINUTE_MS,
  },
  {
    name: "load-streams",
    title: "Many open streams",
    command: load("load-streams"),
    settings: { LOAD_STREAMS: "1000", LOAD_STREAMS_SECONDS: "600", ...CALIBRATION },
    limitMs: 20 * MINUTE_MS,
  },
  {
    name: "soak",
    title: "A mixed load for long",
    command: load("soak"),
    settings: {
      LOAD_SOAK_SECONDS: "1800",
      LOAD_SOAK_SAMPLE_SECONDS: "5",
      LOAD_SOAK_FILL_SECONDS: "90",
      ...CALIBRATION,
    },
    limitMs: 40 * MINUTE_MS,
  },
  {
    name: "slow-readers",
    title: "Slow readers, half-open requests, idle streams",
    command: load("slow-readers"),
    settings: {
      LOAD_SLOW_READERS: "200",
      LOAD_HALF_OPEN: "200",
      LOAD_IDLE_STREAMS: "500",
      LOAD_SLOW_SECONDS: "60",
      ...CALIBRATION,
    },
    limitMs: 10 * MINUTE_MS,
  },
  {
    name: "storm",
    title: "A storm of reconnecting clients",
    command: load("storm"),
    settings: { LOAD_STORM_CLIENTS: "500", LOAD_STORM_SECONDS: "60", ...CALIBRATION },
    limitMs: 10 * MINUTE_MS,
  },
  {
    name: "login-loop",
    title: "A client that begins to sign in, over and over",
    command: load("login-loop"),
    settings: { LOAD_LOOP_RATE: "17", LOAD_LOOP_SECONDS: "60", ...CALIBRATION },
    limitMs: 10 * MINUTE_MS,
  },
  {
    name: "clients",
    title: "Every client program, on every road",
    command: ["test/proof/clients.ts"],
    settings: { CLIENTS: "all" },
    limitMs: 20 * MINUTE_MS,
  },
  {
    name: "prove-red",
    title: "Every guard, switched off, turns a test red",
    command: ["test/prove-red/main.ts", "--jobs", "2"],
    settings: {},
    limitMs: 45 * MINUTE_MS,
  },
];

/** What each stage is called, by its name. */
export const TITLES: ReadonlyMap<string, string> = new Map(
  STAGES.map(({ name, title }) => [name, title]),
);

const NAMES = STAGES.map(({ name }) => name).join(", ");

/**
 * The stages of these names, or all. Settings that are given stay: fewer requests, or a seed to see
 * again. Throws for a name that there is not.
 */
export function stages(names: readonly string[]): Stage[] {
  const unknown = names.filter((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(", ")}. Take ${NAMES}.`);
  return STAGES.filter(({ name }) => names.length === 0 || names.includes(name)).map((stage) => ({
    ...stage,
    settings: Object.fromEntries(
      Object.entries(stage.settings).map(([name, value]) => [name, process.env[name] ?? value]),
    ),
  }));
}
