import { floorLane } from "./lanes/floor.ts";
import type { Lane } from "./lanes/lane.ts";
import { refusalLane } from "./lanes/refusal.ts";
import { addCall, listCall } from "./lanes/rpc.ts";
import { openingLane, sessionLane } from "./lanes/session.ts";
import { sseLane } from "./lanes/sse.ts";
import { statelessLane } from "./lanes/stateless.ts";
import type { Sites } from "./sites.ts";
import type { RunningWorker } from "./workers/run.ts";

/** In the order in which they take their turns. */
export const CONTESTANTS = ["floor", "stock", "ours"] as const;

export type Contestant = (typeof CONTESTANTS)[number];

export interface Entry {
  readonly worker: RunningWorker;
  readonly lane: Lane;
}

/** One thing that is asked of all contestants, side by side. */
export interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly entries: Record<Contestant, Entry>;
}

export function rowsFor({ floor, stockStateless, stockSession, ours }: Sites): Row[] {
  const lowest = { worker: floor, lane: floorLane(floor.origin) };

  function row<Site extends RunningWorker>(
    [name, meaning]: [name: string, meaning: string],
    stock: Site,
    laneFor: (site: Site | typeof ours) => Lane,
  ): Row {
    const entryOf = (site: Site | typeof ours) => ({ worker: site, lane: laneFor(site) });
    return {
      name,
      meaning,
      entries: { floor: lowest, stock: entryOf(stock), ours: entryOf(ours) },
    };
  }

  return [
    row(
      ["`add`, stateless", "A tool call of 2026-07-28: one request, no session."],
      stockStateless,
      (site) => statelessLane(site, addCall),
    ),
    row(
      ["`add`, session", "A tool call of 2025-11-25 in an open session, one session a connection."],
      stockSession,
      (site) => sessionLane(site, addCall),
    ),
    row(
      ["`add`, SSE", "A tool call of 2024-11-05: posted, and answered on the open stream."],
      stockSession,
      (site) => sseLane(site, addCall),
    ),
    row(["`tools/list`, stateless", "The list of tools, 2026-07-28."], stockStateless, (site) =>
      statelessLane(site, listCall),
    ),
    row(
      ["`tools/list`, session", "The list of tools in an open session, 2025-11-25."],
      stockSession,
      (site) => sessionLane(site, listCall),
    ),
    row(
      ["open a session", "`initialize` and the notification after it: two requests, a new object."],
      stockSession,
      (site) => openingLane(site),
    ),
    row(
      ["no token", "The 401 with the challenge that starts a sign-in."],
      stockStateless,
      ({ origin }) => refusalLane(origin),
    ),
  ];
}
