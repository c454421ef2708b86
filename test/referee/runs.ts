import { conformance } from "./conformance.ts";
import { judgeBridge } from "./judge-bridge.ts";
import { judgeGuards } from "./judge-guards.ts";
import { judgeSignIn } from "./judge-sign-in.ts";
import type { RefereeSite } from "./referee-site.ts";
import type { Scenario } from "./scenario.ts";

export interface Run {
  readonly name: string;
  judge(site: RefereeSite): Promise<Scenario[]>;
}

/** Revisions whose scenarios the referee lists; of the later ones it has sets that are frozen. */
const LISTED = ["2025-03-26", "2025-06-18"];
const FROZEN = ["2025-11-25", "2026-07-28"];

function serverRun(revision: string, list: readonly string[], set: readonly string[]): Run {
  return {
    name: `server ${revision}`,
    judge: ({ signedUrl }) =>
      conformance({ list, run: ["server", "--url", `${signedUrl}/mcp`, ...set] }),
  };
}

/** All that the referee has for servers, authorization servers and, of its frozen sets, clients. */
export const RUNS: readonly Run[] = [
  { name: "guards", judge: judgeGuards },
  ...LISTED.map((revision) => {
    const version = ["--spec-version", revision];
    return serverRun(revision, ["--server", ...version], ["--suite", "all", ...version]);
  }),
  ...FROZEN.map((revision) => {
    const set = ["--requirements", revision];
    return serverRun(revision, set, set);
  }),
  ...[...LISTED, ...FROZEN].map((revision) => ({
    name: `sign-in ${revision}`,
    judge: (site: RefereeSite) => judgeSignIn(site, revision),
  })),
  ...FROZEN.map((revision) => ({
    name: `bridge ${revision}`,
    judge: () => judgeBridge(revision),
  })),
];
