import type { Grounds, Site } from "../grounds.ts";
import type { Lane } from "../lanes/lane.ts";
import { type Plan, type Sample, takeSample, warmUp } from "../rounds.ts";
import type { SiteName } from "../sites.ts";
import { collectGarbage } from "../workers/collect-garbage.ts";
import { endSessions, openSessions, ringLane } from "./session-ring.ts";

export interface SessionsPlan {
  readonly repetitions: number;
  /** How many sessions are opened and ended before anything is measured. */
  readonly warmUp: number;
  /** How many are open at the end. */
  readonly open: number;
  /** No repetition starts after this many milliseconds. */
  readonly milliseconds: number;
}

/** What one fresh process showed. */
export interface SessionsSample {
  /** `add` with one session open. */
  readonly one: Sample;
  /** `add` with all sessions open, each call in the next of them. */
  readonly many: Sample;
  /** Bytes of main memory a session; undefined where that cannot be seen. */
  readonly memory: number | undefined;
}

export const HOLDERS = {
  stock: "stock session",
  ours: "ours",
} as const satisfies Record<string, SiteName>;

type Holder = keyof typeof HOLDERS;

/** One sample a repetition, in the order of the repetitions. */
export type SessionsMeasured = Record<Holder, SessionsSample[]>;

async function sampleOn(site: Site, lane: Lane, plan: Plan): Promise<Sample> {
  const connections = await Promise.all(Array.from({ length: plan.connections }, lane));
  const measurable = { connections, processorTime: site.processorTime };
  await warmUp(measurable, plan.warmUp);
  const sample = await takeSample(measurable, plan);
  for (const connection of connections) connection.close();
  return sample;
}

/** What a Worker's process holds when nothing in it waits to be collected. */
async function settledMemory(site: Site): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${site.token}`, "content-type": "application/json" };
  await collectGarbage(await site.inspectorUrl(), async () => {
    // Its token is looked up and it is counted, but it is no message and so opens nothing.
    const request = { method: "POST", headers, body: "{}" };
    await (await fetch(`${site.origin}/mcp`, request)).arrayBuffer();
  });
  return site.memory();
}

async function measureOnce(
  site: Site,
  plan: Plan,
  sessions: SessionsPlan,
): Promise<SessionsSample> {
  await endSessions(site, await openSessions(site, sessions.warmUp, plan.connections));
  const first = await openSessions(site, 1, 1);
  const one = await sampleOn(site, ringLane(site, first), plan);
  const before = await settledMemory(site);
  // One after the other: what many at once leave behind of the allocator's is no session's.
  const others = await openSessions(site, sessions.open - 1, 1);
  const after = await settledMemory(site);
  const many = await sampleOn(site, ringLane(site, [...first, ...others]), plan);
  const isSeen = before !== undefined && after !== undefined;
  return { one, many, memory: isSeen ? (after - before) / others.length : undefined };
}

/**
 * Fills a fresh process of each server with sessions, in turns. The runtime is told to keep them in
 * memory, which otherwise puts an idle one to rest after ten seconds, in the midst of the openings.
 */
export async function measureSessions(
  grounds: Grounds,
  plan: Plan,
  sessions: SessionsPlan,
): Promise<SessionsMeasured> {
  const measured: SessionsMeasured = { stock: [], ours: [] };
  const end = performance.now() + sessions.milliseconds;
  for (let repetition = 1; repetition <= sessions.repetitions; repetition += 1) {
    if (repetition > 1 && performance.now() > end) break;
    const turns: Holder[] = repetition % 2 === 0 ? ["ours", "stock"] : ["stock", "ours"];
    for (const holder of turns) {
      const site = await grounds.start(HOLDERS[holder], { keepsObjects: true, inspect: true });
      measured[holder].push(await measureOnce(site, plan, sessions));
      await site.close();
    }
  }
  return measured;
}
