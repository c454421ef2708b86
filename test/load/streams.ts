import type { Lane } from "../../bench/lanes/lane.ts";
import { addCall } from "../../bench/lanes/rpc.ts";
import { beforeLoad, besideLanes } from "./beside.ts";
import { times } from "./calibrate.ts";
import { seriesFaults } from "./faults.ts";
import { type Fact, memoryFact } from "./found.ts";
import { openLoop } from "./open-loop.ts";
import { openStreams, type OpenStreams } from "./open-streams.ts";
import { sessionsGone } from "./sessions-gone.ts";
import type { LoadStage } from "./stage.ts";

/** How many questions may be under way on the streams at one time. */
const CALLERS = 16;

/** Asks on one stream after the other. */
function onStreams({ all }: OpenStreams): Lane[] {
  let next = 0;
  return times(CALLERS, () => async () => ({
    async exchange() {
      const stream = all[next++ % all.length];
      if (!stream) throw new Error("No stream is open.");
      await stream.call(addCall());
    },
    close() {},
  }));
}

/** Many open streams, on which somebody asks now and then, and another person who asks beside them. */
export const streams: LoadStage<{
  streams: number;
  seconds: number;
  rate: number;
  besideRate: number;
  calibrationSeconds: number;
  goneSeconds: number;
}> = {
  amounts: {
    streams: ["LOAD_STREAMS", 100],
    seconds: ["LOAD_STREAMS_SECONDS", 20],
    rate: ["LOAD_STREAMS_RATE", 20],
    besideRate: ["LOAD_BESIDE_RATE", 5],
    calibrationSeconds: ["LOAD_CALIBRATION_SECONDS", 5],
    goneSeconds: ["LOAD_GONE_SECONDS", 120],
  },
  async run(site, plan, signal) {
    const { streams: count, seconds, rate, besideRate } = plan;
    const { worker } = site;
    const reference = { rate: besideRate, seconds: plan.calibrationSeconds };
    const quiet = await beforeLoad(site, reference, signal);
    const before = await worker.memory();
    const startedAt = performance.now();
    const open = await openStreams(site, count, signal);
    const openSeconds = (performance.now() - startedAt) / 1000;
    const opened = await worker.memory();
    const lanes = await besideLanes(site);
    const [onStream, beside] = await Promise.all([
      openLoop(onStreams(open), { name: "add, on the streams", rate, seconds, signal }),
      openLoop(lanes, { name: "add, stateless, beside them", rate: besideRate, seconds, signal }),
    ]);
    const [ended, keepAlives, after] = [open.ended(), open.keepAlives(), await worker.memory()];
    open.close();
    const gone = await sessionsGone(site, plan.goneSeconds, signal);
    const facts: Fact[] = [
      { what: "streams that were open", value: open.all.length },
      { what: "time to open them", value: openSeconds, unit: "s" },
      { what: "streams that the server ended", value: ended },
      { what: "keep-alive comments that came", value: keepAlives },
      ...gone.facts,
      ...memoryFact("workerd's memory before", before),
      ...memoryFact("workerd's memory with all streams open", opened),
      ...memoryFact("workerd's memory at their end", after),
      ...memoryFact("workerd's memory once all were closed", await worker.memory()),
    ];
    if (before !== undefined && after !== undefined)
      facts.push({ what: "memory a stream", value: (after - before) / count / 1024, unit: "KiB" });
    const faults = [...seriesFaults(onStream), ...seriesFaults(beside), ...gone.faults];
    if (ended > 0) faults.push(`${ended} streams ended by themselves.`);
    return { series: [...quiet, onStream, beside], facts, faults };
  },
};
