import type { Lane } from "../../bench/lanes/lane.ts";
import { besideLanes } from "./beside.ts";
import { calibrate } from "./calibrate.ts";
import { seriesFaults } from "./faults.ts";
import { type Fact, memoryFact } from "./found.ts";
import { logMemory } from "./memory-log.ts";
import { openLoop } from "./open-loop.ts";
import { type LoadSite, PEOPLE, type Person } from "./site.ts";
import { growth, type Sample } from "./slope.ts";
import type { LoadStage } from "./stage.ts";
import { Visitor } from "./visitor.ts";

/** The first sixth of the time does not count: code is compiled, and caches fill. */
const WARM_UP_SHARE = 1 / 6;

/** A leak grows for ever; this much may be what the garbage collector has not come to. */
const LARGEST_GROWTH = 0.05;

/**
 * Calls a second before anything is measured. The local KV, which is a part of workerd's process
 * and none of the Worker, takes some ten thousand operations until it begins to collect garbage.
 */
const FILL_RATE = 200;

type Step = Exclude<keyof Visitor, "comeIn" | "close">;

/** Mostly calls, and now and then a new session, a new stream, and something wrong. */
const CALLS: readonly Step[] = [
  "add",
  "addInSession",
  "addOnStream",
  "readProfile",
  "add",
  "addInSession",
  "renewSession",
  "add",
  "listTools",
  "addOnStream",
  "misbehave",
  "add",
  "addInSession",
  "readReadme",
  "addOnStream",
  "add",
  "renewStream",
  "add",
];

/** What a visitor does, again and again: one visit, from the sign-in to the next. */
const ROUND: readonly Step[] = [
  ...CALLS,
  ...CALLS,
  ...CALLS,
  "refresh",
  ...CALLS,
  ...CALLS,
  ...CALLS,
  "lookAtAccount",
  "comeAgain",
];

/** So many steps each visitor is ahead of the one before: they are never in step. */
const STAGGER = 12;

/** A visitor who begins somewhere in the round, so that not all do the same at once. */
function visitorLane(site: LoadSite, person: Person, begin: number): Lane {
  return async () => {
    const visitor = new Visitor(site, person);
    await visitor.comeIn();
    let next = begin;
    return {
      async exchange() {
        const step = ROUND[next++ % ROUND.length];
        if (step) await visitor[step]();
      },
      close: () => visitor.close(),
    };
  };
}

/** What was held at the beginning, and after each sixth of the time. */
function atSixths(samples: readonly Sample[]): Fact[] {
  return [0, 1, 2, 3, 4, 5, 6].flatMap((sixth) => {
    const sample = samples[Math.round(((samples.length - 1) * sixth) / 6)];
    return sample
      ? memoryFact(`workerd's memory after ${Math.round(sample.at)} s`, sample.value)
      : [];
  });
}

/** Memory over the time, and by how much it grew once the warm-up was over. */
function growthOf(samples: readonly Sample[]): { facts: Fact[]; grown: number } {
  const end = samples.at(-1)?.at ?? 0;
  const warm = samples.filter(({ at }) => at >= end * WARM_UP_SHARE);
  // Nothing is known where the system tells no memory.
  if (warm.length < 2) return { facts: [], grown: 0 };
  const grown = growth(warm);
  const growthFact: Fact = { what: "growth after the warm-up", value: 100 * grown, unit: "%" };
  return { facts: [...atSixths(samples), growthFact], grown };
}

/** A mixed and modest load for long, and whether memory grows under it. */
export const soak: LoadStage<{
  seconds: number;
  rate: number;
  sampleSeconds: number;
  fillSeconds: number;
  calibrationSeconds: number;
}> = {
  amounts: {
    seconds: ["LOAD_SOAK_SECONDS", 20],
    rate: ["LOAD_SOAK_RATE", 10],
    sampleSeconds: ["LOAD_SOAK_SAMPLE_SECONDS", 1],
    fillSeconds: ["LOAD_SOAK_FILL_SECONDS", 1],
    calibrationSeconds: ["LOAD_CALIBRATION_SECONDS", 5],
  },
  async run(site, plan, signal) {
    const { seconds, rate, sampleSeconds, calibrationSeconds } = plan;
    const connections = PEOPLE.length * 2;
    const calibration = await calibrate(
      site,
      { rate, connections, seconds: calibrationSeconds },
      signal,
    );
    const lanes = [...PEOPLE, ...PEOPLE].map((person, index) =>
      visitorLane(site, person, index * STAGGER),
    );
    await openLoop(await besideLanes(site), {
      name: "filling",
      rate: FILL_RATE,
      seconds: plan.fillSeconds,
      signal,
    });
    const log = logMemory(site.worker, sampleSeconds);
    const name = "everything, in turns";
    const asked = await openLoop(lanes, { name, rate, seconds, signal });
    const { facts, grown } = growthOf(await log.stop());
    const faults = seriesFaults(asked);
    if (grown >= LARGEST_GROWTH) faults.push(`Memory grew by ${(100 * grown).toFixed(1)} %.`);
    return { series: [calibration, asked], facts, faults };
  },
};
