import { floorLane } from "../../bench/lanes/floor.ts";
import type { Lane } from "../../bench/lanes/lane.ts";
import type { Series } from "./found.ts";
import { type Arrivals, openLoop } from "./open-loop.ts";
import type { LoadSite } from "./site.ts";

/** The name of the series that the others are compared with. */
const CALIBRATION = "calibration: floor";

/** The same lane several times: so many connections. */
export function times(count: number, lane: (index: number) => Lane): Lane[] {
  return Array.from({ length: count }, (_, index) => lane(index));
}

export interface CalibrationPlan {
  readonly rate: number;
  readonly connections: number;
  readonly seconds: number;
}

/** What this machine does at this rate, at this moment, when the Worker does next to nothing. */
export async function calibrate(
  { floor }: LoadSite,
  { rate, connections, seconds }: CalibrationPlan,
  signal: AbortSignal,
): Promise<Series> {
  const lanes = times(connections, () => floorLane(floor.origin));
  return measureWarm(lanes, { name: CALIBRATION, rate, seconds, signal });
}

/** The longest that code is given to be compiled before anything is measured, in seconds. */
const WARM_UP_SECONDS = 2;

/** Asks for a short time, and keeps nothing of it. */
export async function warmUp(lanes: readonly Lane[], arrivals: Arrivals): Promise<void> {
  await openLoop(lanes, { ...arrivals, seconds: Math.min(WARM_UP_SECONDS, arrivals.seconds) });
}

export async function measureWarm(lanes: readonly Lane[], arrivals: Arrivals): Promise<Series> {
  await warmUp(lanes, arrivals);
  return openLoop(lanes, arrivals);
}
