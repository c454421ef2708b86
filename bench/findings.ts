import { type Grounds, prepareGrounds } from "./grounds.ts";
import type { Options } from "./options.ts";
import { type Measured, measureRounds } from "./rounds.ts";
import { ROWS } from "./rows.ts";
import { HOLDERS, measureSessions, type SessionsMeasured } from "./sessions/measure-sessions.ts";
import type { SiteName } from "./sites.ts";
import { startRows } from "./start-rows.ts";
import { measureWays, type Way } from "./ways.ts";
import type { CoreSplit } from "./workers/cores.ts";

/** Everything that one run found out; what was not asked for is absent. */
export interface Findings {
  readonly measured: readonly Measured[];
  readonly sessions: SessionsMeasured | undefined;
  readonly ways: readonly Way[] | undefined;
  readonly cores: CoreSplit | undefined;
  /** Where KV and Durable Objects were kept. */
  readonly storage: "memory" | "disk";
}

type Asked = Pick<Options, "plan" | "sessions" | "keys">;

function sitesFor(keys: ReadonlySet<string>): SiteName[] {
  const named = ROWS.filter(({ key }) => keys.has(key))
    .flatMap(({ entries }) => entries.map(({ site }) => site))
    .filter((site) => site !== "github");
  const holders = keys.has("sessions") ? Object.values(HOLDERS) : [];
  return [...new Set([...named, ...holders, ...(keys.has("ways") ? (["ours"] as const) : [])])];
}

async function measureRows(
  grounds: Grounds,
  { plan, keys }: Asked,
  say: (text: string) => void,
): Promise<Measured[]> {
  const plans = ROWS.filter(({ key }) => keys.has(key));
  if (plans.length === 0) return [];
  const rows = await startRows(plans, grounds);
  return measureRounds(rows, plan, (round) => say(`Round ${round} of ${plan.rounds}.`));
}

/** Builds, starts and measures what is asked for; nothing runs afterwards. */
export async function measureAll(
  asked: Asked,
  folder: string,
  say: (text: string) => void,
): Promise<Omit<Findings, "storage">> {
  const { plan, keys } = asked;
  say("Building what is compared.");
  const grounds = await prepareGrounds(sitesFor(keys), folder);
  try {
    const measured = await measureRows(grounds, asked, say);
    if (keys.has("sessions")) say("Many open sessions.");
    const sessions = keys.has("sessions")
      ? await measureSessions(grounds, plan, asked.sessions)
      : undefined;
    if (keys.has("ways")) say("The same call by each way in.");
    const ways = keys.has("ways") ? await measureWays(grounds, plan) : undefined;
    return { measured, sessions, ways, cores: grounds.cores };
  } finally {
    await grounds.close();
  }
}
