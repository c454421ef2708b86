import { floorLane } from "./lanes/floor.ts";
import type { Lane } from "./lanes/lane.ts";
import { refusalLane } from "./lanes/refusal.ts";
import { addCall, listCall } from "./lanes/rpc.ts";
import { openingLane, sessionLane } from "./lanes/session.ts";
import { sseLane } from "./lanes/sse.ts";
import { statelessLane } from "./lanes/stateless.ts";
import type { Site, Sites } from "./sites.ts";
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

type Pair = readonly [stock: Site, ours: Site];

const stateless = ({ stockStateless, ours }: Sites): Pair => [stockStateless, ours];
const session = ({ stockSession, ours }: Sites): Pair => [stockSession, ours];
const sse = ({ stockSession, oursOnSse }: Sites): Pair => [stockSession, oursOnSse];

interface Question {
  readonly name: string;
  readonly meaning: string;
  pairOf(sites: Sites): Pair;
  laneFor(site: Site): Lane;
}

const QUESTIONS: readonly Question[] = [
  {
    name: "`add`, stateless",
    meaning: "A tool call of 2026-07-28: one request, no session.",
    pairOf: stateless,
    laneFor: (site) => statelessLane(site, addCall),
  },
  {
    name: "`add`, session",
    meaning: "A tool call of 2025-11-25 in an open session, one session a connection.",
    pairOf: session,
    laneFor: (site) => sessionLane(site, addCall),
  },
  {
    name: "`add`, SSE",
    meaning: "A tool call of 2024-11-05: posted, and answered on the open stream.",
    pairOf: sse,
    laneFor: (site) => sseLane(site, addCall),
  },
  {
    name: "`tools/list`, stateless",
    meaning: "The list of tools, 2026-07-28: one in stock, all of them in ours.",
    pairOf: stateless,
    laneFor: (site) => statelessLane(site, listCall),
  },
  {
    name: "`tools/list`, session",
    meaning: "The same list in an open session, 2025-11-25.",
    pairOf: session,
    laneFor: (site) => sessionLane(site, listCall),
  },
  {
    name: "open a session",
    meaning: "`initialize` and the notification after it: two requests, a new Durable Object.",
    pairOf: session,
    laneFor: openingLane,
  },
  {
    name: "no token",
    meaning: "The 401 with the challenge that starts a sign-in.",
    pairOf: stateless,
    laneFor: ({ origin }) => refusalLane(origin),
  },
];

export function rowsFor(sites: Sites): Row[] {
  const entryOf = (worker: RunningWorker, lane: Lane): Entry => ({ worker, lane });
  const floor = entryOf(sites.floor, floorLane(sites.floor.origin));
  return QUESTIONS.map(({ name, meaning, pairOf, laneFor }) => {
    const [stock, ours] = pairOf(sites);
    const entries = {
      floor,
      stock: entryOf(stock, laneFor(stock)),
      ours: entryOf(ours, laneFor(ours)),
    };
    return { name, meaning, entries };
  });
}
