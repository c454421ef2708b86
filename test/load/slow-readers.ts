import { SlowSockets } from "../support/slow-sockets.ts";
import { besideLanes, beforeLoad } from "./beside.ts";
import { seriesFaults } from "./faults.ts";
import { memoryFact } from "./found.ts";
import { openLoop } from "./open-loop.ts";
import { openStreams } from "./open-streams.ts";
import { sessionsGone } from "./sessions-gone.ts";
import { halfOpen, LARGE_QUESTION, README_BYTES, slowReader } from "./slow-clients.ts";
import type { LoadStage } from "./stage.ts";

/** How many large answers wait in each stream that is read slowly. */
const LARGE_ANSWERS = 2;

const READ_EVERY_MS = 1000;

/**
 * Clients that take a byte a second of an answer or of a stream, requests that stop in the middle,
 * and streams on which nothing happens; and another person who asks beside them all.
 */
export const slowReaders: LoadStage<{
  readers: number;
  halfOpen: number;
  idle: number;
  seconds: number;
  besideRate: number;
  calibrationSeconds: number;
  goneSeconds: number;
}> = {
  amounts: {
    readers: ["LOAD_SLOW_READERS", 20],
    halfOpen: ["LOAD_HALF_OPEN", 20],
    idle: ["LOAD_IDLE_STREAMS", 50],
    seconds: ["LOAD_SLOW_SECONDS", 20],
    besideRate: ["LOAD_BESIDE_RATE", 5],
    calibrationSeconds: ["LOAD_CALIBRATION_SECONDS", 5],
    goneSeconds: ["LOAD_GONE_SECONDS", 120],
  },
  async run(site, plan, signal) {
    const { worker, url, github } = site;
    const { seconds, besideRate: rate } = plan;
    await github.putReadme({
      owner: "octocat",
      name: "hello-world",
      bytes: "slow. ".repeat(README_BYTES / 6),
    });
    const quiet = await beforeLoad(site, { rate, seconds: plan.calibrationSeconds }, signal);
    const before = await worker.memory();
    const slowStreams = Math.floor(plan.readers / 2);
    const streams = await openStreams(site, plan.idle + slowStreams, signal);
    const slow = streams.all.slice(0, slowStreams);
    for (const stream of slow) {
      stream.pause();
      for (let asked = 0; asked < LARGE_ANSWERS; asked += 1) await stream.ask(LARGE_QUESTION);
    }
    const octocat = await site.signedIn("octocat");
    const sockets = new SlowSockets(url, [
      ...Array.from({ length: plan.readers - slowStreams }, () => slowReader(octocat)),
      ...Array.from({ length: plan.halfOpen }, (_, index) => halfOpen(octocat, index)),
    ]);
    let bytes = 0;
    const reading = setInterval(() => {
      bytes += sockets.readByte();
      for (const stream of slow) bytes += stream.readByte();
    }, READ_EVERY_MS);
    try {
      const lanes = await besideLanes(site);
      const name = "add, stateless, beside them";
      const beside = await openLoop(lanes, { name, rate, seconds, signal });
      const [during, ended, { closed }] = [await worker.memory(), streams.ended(), sockets];
      sockets.end();
      streams.close();
      const gone = await sessionsGone(site, plan.goneSeconds, signal);
      const facts = [
        { what: "bytes that the slow readers took", value: bytes },
        { what: "half-open requests that the server closed, and that came again", value: closed },
        { what: "streams that the server ended", value: ended },
        ...gone.facts,
        ...memoryFact("workerd's memory before", before),
        ...memoryFact("workerd's memory while they were there", during),
        ...memoryFact("workerd's memory once they were gone", await worker.memory()),
      ];
      const faults = [...seriesFaults(beside), ...gone.faults];
      if (bytes === 0) faults.push("The slow readers were given nothing to read.");
      return { series: [...quiet, beside], facts, faults };
    } finally {
      clearInterval(reading);
      sockets.end();
      streams.close();
    }
  },
};
