import type { Measured, Sample } from "./rounds.ts";
import type { SessionsMeasured } from "./sessions/measure-sessions.ts";
import { median, ratios } from "./statistics.ts";
import { type Column, markdownTable } from "./table.ts";

/** One contestant of one row. */
interface Contestant {
  readonly request: string;
  readonly server: string;
}

/** What is to be reached: a share of the reference's requests a second, or of its time at one connection. */
interface Target {
  readonly what: string;
  readonly of: "rate" | "time";
  readonly own: Contestant;
  readonly reference: Contestant;
  /** A rate has to be at least this share of the reference's, a time at most. */
  readonly share: number;
}

const add = (server: string): Contestant => ({ request: "`add`", server });
const opening = (server: string): Contestant => ({ request: "open a session", server });
const list = (road: string, server: string): Contestant => ({
  request: `\`tools/list\`, ${road}`,
  server,
});

export const TARGETS: readonly Target[] = [
  {
    what: "`add`, stateless: requests a second, of our own floor",
    of: "rate",
    own: add("ours, stateless"),
    reference: add("own floor"),
    share: 0.75,
  },
  {
    what: "`add`, stateless: requests a second, of stock's call in a session",
    of: "rate",
    own: add("ours, stateless"),
    reference: add("stock, session"),
    share: 2,
  },
  {
    what: "our own floor: requests a second, of the floor",
    of: "rate",
    own: add("own floor"),
    reference: add("floor"),
    share: 0.6,
  },
  {
    what: "`add`, session: requests a second, of stock's",
    of: "rate",
    own: add("ours, session"),
    reference: add("stock, session"),
    share: 1.3,
  },
  {
    what: "opening a session: time, of stock's",
    of: "time",
    own: opening("ours"),
    reference: opening("stock"),
    share: 0.8,
  },
  {
    what: "`tools/list` of 200 tools, stateless: time, of a list of 4",
    of: "time",
    own: list("stateless", "ours, 200 tools"),
    reference: list("stateless", "ours, 4 tools"),
    share: 2,
  },
  {
    what: "`tools/list` of 200 tools, session: time, of a list of 4",
    of: "time",
    own: list("session", "ours, 200 tools"),
    reference: list("session", "ours, 4 tools"),
    share: 2,
  },
];

export const MEMORY_TARGET = {
  what: "memory a session, of stock's",
  of: "memory",
  share: 0.7,
} as const;

/** What a run has to say about a target. */
interface Outcome {
  readonly target: Pick<Target, "what" | "share"> & { readonly of: Target["of"] | "memory" };
  /** One a round, or a repetition. */
  readonly shares: readonly number[];
  /** The same by processor time, which neighbours disturb least. */
  readonly byProcessor: number | undefined;
}

function samplesOf(measured: readonly Measured[], { request, server }: Contestant) {
  const row = measured.find(({ name }) => name === request);
  return row?.results.find(({ name }) => name === server)?.samples;
}

function byProcessor(
  of: Target["of"],
  own: readonly Sample[],
  reference: readonly Sample[],
): number | undefined {
  const seen = (samples: readonly Sample[]) => samples.flatMap(({ processor }) => processor || []);
  const [mine, others] = [seen(own), seen(reference)];
  if (mine.length < own.length || others.length < reference.length) return undefined;
  return median(of === "rate" ? ratios(others, mine) : ratios(mine, others));
}

function outcomeOf(target: Target, measured: readonly Measured[]): Outcome | undefined {
  const own = samplesOf(measured, target.own);
  const reference = samplesOf(measured, target.reference);
  if (!own || !reference) return undefined;
  const figure = (sample: Sample) => (target.of === "rate" ? sample.rate : sample.median);
  return {
    target,
    shares: ratios(own.map(figure), reference.map(figure)),
    byProcessor: byProcessor(target.of, own, reference),
  };
}

function memoryOutcome(sessions: SessionsMeasured | undefined): Outcome | undefined {
  const seen = (holder: keyof SessionsMeasured) =>
    (sessions?.[holder] ?? []).flatMap(({ memory }) => memory ?? []);
  const [ours, stock] = [seen("ours"), seen("stock")];
  if (ours.length === 0 || ours.length !== stock.length) return undefined;
  return { target: MEMORY_TARGET, shares: ratios(ours, stock), byProcessor: undefined };
}

const percent = (share: number) => `${Math.round(100 * share)} %`;

function cellsOf({ target, shares, byProcessor }: Outcome): string[] {
  const isRate = target.of === "rate";
  const measured = median(shares);
  const isReached = isRate ? measured >= target.share : measured <= target.share;
  return [
    target.what,
    `${isRate ? "≥" : "≤"} ${percent(target.share)}`,
    percent(measured),
    `${Math.round(100 * Math.min(...shares))}–${percent(Math.max(...shares))}`,
    byProcessor === undefined ? "–" : percent(byProcessor),
    isReached ? "yes" : "**no**",
  ];
}

/** What is to be reached and what was, for the targets that were measured, if any were. */
export function targetsTable(
  measured: readonly Measured[],
  sessions: SessionsMeasured | undefined,
): string | undefined {
  const outcomes = [
    ...TARGETS.map((target) => outcomeOf(target, measured)),
    memoryOutcome(sessions),
  ].filter((outcome) => outcome !== undefined);
  if (outcomes.length === 0) return undefined;
  const columns: Column[] = [
    { title: "what", align: "left" },
    { title: "to reach", align: "right" },
    { title: "measured", align: "right" },
    { title: "from–to", align: "right" },
    { title: "by CPU time", align: "right" },
    { title: "reached", align: "left" },
  ];
  return markdownTable(columns, outcomes.map(cellsOf));
}
