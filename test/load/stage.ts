import type { Limits } from "../../bench/workers/run.ts";
import type { Found } from "./found.ts";
import type { LoadSite } from "./site.ts";

/** How much of everything there is; each has a name of its own in the environment. */
type Amounts = Readonly<Record<string, number>>;

/** One kind of load. */
export interface LoadStage<Plan extends Amounts = Amounts> {
  /** The environment variable of each amount, and how much of it there is without one. */
  readonly amounts: Readonly<Record<keyof Plan, readonly [variable: string, usual: number]>>;
  /** Which rate limits hold; by default ones that nobody reaches. */
  readonly limits?: Limits;
  /** Loads the site. Once the signal is given it ends soon, and what it returns is not read. */
  run(site: LoadSite, plan: Plan, signal: AbortSignal): Promise<Found>;
}
