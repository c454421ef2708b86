import type { Lane } from "../../bench/lanes/lane.ts";
import { addCall } from "../../bench/lanes/rpc.ts";
import { statelessLane } from "../../bench/lanes/stateless.ts";
import { calibrate, measureWarm, times } from "./calibrate.ts";
import type { Series } from "./found.ts";
import type { LoadSite } from "./site.ts";

/** How many connections somebody has who has nothing to do with a load, but is there as well. */
const BESIDE_CONNECTIONS = 4;

/** The name of the series that shows how soon that person is answered without the load. */
export const ALONE = "add, stateless, alone";

/** That person's calls, without a session. */
export async function besideLanes(site: LoadSite): Promise<Lane[]> {
  const signedIn = await site.signedIn("bibliocat");
  return times(BESIDE_CONNECTIONS, () => statelessLane(signedIn, addCall));
}

/** What that person sees while nothing else goes on. */
async function alone(
  site: LoadSite,
  { rate, seconds }: { rate: number; seconds: number },
  signal: AbortSignal,
): Promise<Series> {
  const lanes = await besideLanes(site);
  return measureWarm(lanes, { name: ALONE, rate, seconds, signal });
}

/** The two series that those of a load are compared with: the floor, and ours without the load. */
export async function beforeLoad(
  site: LoadSite,
  plan: { rate: number; seconds: number },
  signal: AbortSignal,
): Promise<Series[]> {
  const calibration = await calibrate(site, { ...plan, connections: BESIDE_CONNECTIONS }, signal);
  return [calibration, await alone(site, plan, signal)];
}
