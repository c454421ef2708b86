import type { Place } from "./grounds.ts";
import { floorLane, ownFloorLane } from "./lanes/floor.ts";
import { githubLane } from "./lanes/github.ts";
import type { Lane } from "./lanes/lane.ts";
import { refusalLane } from "./lanes/refusal.ts";
import { addCall, listOf, userInfoCall } from "./lanes/rpc.ts";
import { openingLane, sessionLane } from "./lanes/session.ts";
import { signInLane } from "./lanes/sign-in.ts";
import { sseLane } from "./lanes/sse.ts";
import { statelessLane } from "./lanes/stateless.ts";
import type { SiteName } from "./sites.ts";

/** One contestant of a row. Its name is unique in the row. */
export interface EntryPlan {
  readonly name: string;
  readonly site: SiteName | "github";
  laneTo(site: Place): Lane;
  /** The entry of the same row that it is compared with. */
  readonly against?: string;
}

/** One thing that is asked of several Workers, side by side. */
export interface RowPlan {
  /** What `--rows` calls it. */
  readonly key: string;
  readonly name: string;
  readonly meaning: string;
  readonly entries: readonly EntryPlan[];
  /** It leaves so many objects behind that its servers serve no other row. */
  readonly leavesObjects?: true;
}

const roads = {
  stateless: (ask: Parameters<typeof statelessLane>[1]) => (site: Place) =>
    statelessLane(site, ask),
  session: (ask: Parameters<typeof sessionLane>[1]) => (site: Place) => sessionLane(site, ask),
  sse: (ask: Parameters<typeof sseLane>[1]) => (site: Place) => sseLane(site, ask),
};

/** Ours behind stock, each on the same road. */
function pair(road: string, stock: SiteName, laneTo: EntryPlan["laneTo"]): EntryPlan[] {
  return [
    { name: `stock, ${road}`, site: stock, laneTo },
    { name: `ours, ${road}`, site: "ours", laneTo, against: `stock, ${road}` },
  ];
}

type Road = "stateless" | "session";

/** A list of 200 tools beside one of 4. */
function lists(road: Road): EntryPlan[] {
  return (["stock", "ours"] as const).flatMap((who) => {
    const site = who === "ours" ? who : (`stock ${road}` as const);
    return [
      { name: `${who}, 4 tools`, site, laneTo: roads[road](listOf(4)) },
      {
        name: `${who}, 200 tools`,
        site: `${site}, 200 tools` as const,
        laneTo: roads[road](listOf(200)),
        against: `${who}, 4 tools`,
      },
    ];
  });
}

const signInTo = ({ signInOnce }: Place) => signInLane(signInOnce);

const refusal = ({ origin }: Place) => refusalLane(origin);

export const ROWS: readonly RowPlan[] = [
  {
    key: "add",
    name: "`add`",
    meaning:
      "A tool call. Stateless (2026-07-28): one request, no session. Session (2025-11-25): in an open session, one a connection. SSE (2024-11-05): posted, and answered on the open stream.",
    entries: [
      { name: "floor", site: "floor", laneTo: ({ origin }) => floorLane(origin) },
      { name: "own floor", site: "own floor", laneTo: ownFloorLane, against: "floor" },
      {
        name: "own floor, no limits",
        site: "own floor, no limits",
        laneTo: ownFloorLane,
        against: "floor",
      },
      ...pair("stateless", "stock stateless", roads.stateless(addCall)),
      ...pair("session", "stock session", roads.session(addCall)),
      ...pair("SSE", "stock session", roads.sse(addCall)),
    ],
  },
  {
    key: "list",
    name: "`tools/list`, stateless",
    meaning: "The list of tools: 4, and 200 with the schemas of a large server. 2026-07-28.",
    entries: lists("stateless"),
  },
  {
    key: "list",
    name: "`tools/list`, session",
    meaning: "The same list in an open session, 2025-11-25.",
    entries: lists("session"),
  },
  {
    key: "user",
    name: "`userInfoOctokit`",
    meaning:
      "A tool that asks the local GitHub who the person is. GitHub: that request put to it directly, without a Worker.",
    entries: [
      { name: "GitHub", site: "github", laneTo: githubLane },
      ...pair("stateless", "stock stateless", roads.stateless(userInfoCall)),
      ...pair("session", "stock session", roads.session(userInfoCall)),
    ],
  },
  {
    key: "open",
    name: "open a session",
    leavesObjects: true,
    meaning: "`initialize` and the notification after it: two requests, a new Durable Object.",
    entries: [
      { name: "stock", site: "stock session", laneTo: openingLane },
      { name: "ours", site: "ours", laneTo: openingLane, against: "stock" },
    ],
  },
  {
    key: "sign-in",
    name: "sign-in",
    leavesObjects: true,
    meaning:
      "A new client, from its registration to its token. Ours: registration, consent page, decision, GitHub's page, callback, token. Stock: registration, a redirect, token; it has no page and asks no GitHub.",
    entries: [
      { name: "stock", site: "stock stateless", laneTo: signInTo },
      { name: "ours", site: "ours", laneTo: signInTo, against: "stock" },
    ],
  },
  {
    key: "401",
    name: "no token",
    meaning: "The 401 with the challenge that starts a sign-in.",
    entries: [
      { name: "stock", site: "stock stateless", laneTo: refusal },
      { name: "ours", site: "ours", laneTo: refusal, against: "stock" },
    ],
  },
];

/** What can be measured besides rows. */
const STAGES = ["sessions", "ways"] as const;

export const ROW_KEYS: readonly string[] = [...new Set(ROWS.map(({ key }) => key)), ...STAGES];
