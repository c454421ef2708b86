import { addCall } from "../../bench/lanes/rpc.ts";
import { statelessLane } from "../../bench/lanes/stateless.ts";
import { calibrate, times, warmUp } from "./calibrate.ts";
import { seriesFaults } from "./faults.ts";
import { memoryFact } from "./found.ts";
import { openLoop } from "./open-loop.ts";
import { PEOPLE } from "./site.ts";
import type { LoadStage } from "./stage.ts";

/** Many stateless calls a second, of several people, over a bounded number of connections. */
export const calls: LoadStage<{
  rate: number;
  seconds: number;
  connections: number;
  calibrationSeconds: number;
}> = {
  amounts: {
    rate: ["LOAD_CALLS_RATE", 100],
    seconds: ["LOAD_CALLS_SECONDS", 20],
    connections: ["LOAD_CALLS_CONNECTIONS", 64],
    calibrationSeconds: ["LOAD_CALIBRATION_SECONDS", 5],
  },
  limits: "none",
  async run(site, { rate, seconds, connections, calibrationSeconds }, signal) {
    const { worker } = site;
    const calibration = await calibrate(
      site,
      { rate, connections, seconds: calibrationSeconds },
      signal,
    );
    const people = await Promise.all(PEOPLE.map((person) => site.signedIn(person)));
    const lanes = times(connections, (index) => {
      const person = people[index % people.length];
      if (!person) throw new Error("Nobody is signed in.");
      return statelessLane(person, addCall);
    });
    const arrivals = { name: "add, stateless", rate, seconds, signal };
    await warmUp(lanes, arrivals);
    const [memoryBefore, processorBefore] = [await worker.memory(), await worker.processorTime()];
    const asked = await openLoop(lanes, arrivals);
    const processorAfter = await worker.processorTime();
    const facts = [
      ...memoryFact("workerd's memory before", memoryBefore),
      ...memoryFact("workerd's memory after", await worker.memory()),
    ];
    if (processorBefore !== undefined && processorAfter !== undefined) {
      const value = (processorAfter - processorBefore) / Math.max(1, asked.answered);
      facts.push({ what: "workerd's processor time a call", value, unit: "ms" });
    }
    return { series: [calibration, asked], facts, faults: seriesFaults(asked) };
  },
};
