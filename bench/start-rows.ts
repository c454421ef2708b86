import type { Grounds, Place } from "./grounds.ts";
import type { Lane } from "./lanes/lane.ts";
import type { EntryPlan, RowPlan } from "./rows.ts";

export interface Entry extends Pick<EntryPlan, "name" | "against"> {
  readonly lane: Lane;
  processorTime(): Promise<number | undefined>;
}

/** A row whose Workers run. */
export interface Row extends Pick<RowPlan, "name" | "meaning"> {
  readonly entries: readonly Entry[];
}

/** Starts each Worker that is asked for, once. */
function starter({ github, start }: Grounds): (name: EntryPlan["site"]) => Promise<Place> {
  const running = new Map<EntryPlan["site"], Place>([["github", github]]);
  return async (name) => {
    const place = running.get(name) ?? (name === "github" ? github : await start(name));
    running.set(name, place);
    return place;
  };
}

export async function startRows(plans: readonly RowPlan[], grounds: Grounds): Promise<Row[]> {
  const shared = starter(grounds);
  const rows: Row[] = [];
  for (const { entries: planned, leavesObjects, ...row } of plans) {
    const started = leavesObjects ? starter(grounds) : shared;
    const entries: Entry[] = [];
    for (const { site, laneTo, ...entry } of planned) {
      const place = await started(site);
      const processorTime = () => place.processorTime();
      entries.push({ ...entry, lane: laneTo(place), processorTime });
    }
    rows.push({ ...row, entries });
  }
  return rows;
}
