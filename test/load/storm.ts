import type { Lane, SignedInSite } from "../../bench/lanes/lane.ts";
import { beforeLoad, besideLanes } from "./beside.ts";
import { times } from "./calibrate.ts";
import { seriesFaults } from "./faults.ts";
import { memoryFact } from "./found.ts";
import { openLoop } from "./open-loop.ts";
import { sessionsGone } from "./sessions-gone.ts";
import { requestStream } from "./sse-stream.ts";
import type { LoadStage } from "./stage.ts";

/** How the openings of a storm were answered. */
interface Answers {
  opened: number;
  refused: number;
}

/** Opens a stream and goes at once; nothing but a stream, or 429 with a time to wait, is right. */
function opener(site: SignedInSite, answers: Answers): Lane {
  return async () => ({
    async exchange() {
      const { answer, close } = await requestStream(site);
      const { statusCode, headers } = answer;
      close();
      if (statusCode === 200) answers.opened += 1;
      else if (statusCode === 429 && Number(headers["retry-after"]) > 0) answers.refused += 1;
      else throw new Error(`/sse answered ${statusCode}.`);
    },
    close() {},
  });
}

/** Clients of one person that open and close `/sse` every second, under the limits as deployed. */
export const storm: LoadStage<{
  clients: number;
  seconds: number;
  besideRate: number;
  calibrationSeconds: number;
  goneSeconds: number;
}> = {
  amounts: {
    clients: ["LOAD_STORM_CLIENTS", 50],
    seconds: ["LOAD_STORM_SECONDS", 20],
    besideRate: ["LOAD_BESIDE_RATE", 5],
    calibrationSeconds: ["LOAD_CALIBRATION_SECONDS", 5],
    goneSeconds: ["LOAD_GONE_SECONDS", 120],
  },
  limits: "deployed",
  async run(site, plan, signal) {
    const { clients, seconds, besideRate: rate } = plan;
    const { worker } = site;
    const quiet = await beforeLoad(site, { rate, seconds: plan.calibrationSeconds }, signal);
    const [octocat, lanes] = [await site.signedIn("octocat", "/sse"), await besideLanes(site)];
    const [before, objectsBefore] = [await worker.memory(), site.sessionObjects()];
    const answers: Answers = { opened: 0, refused: 0 };
    const [opening, beside] = await Promise.all([
      openLoop(
        times(clients, () => opener(octocat, answers)),
        { name: "GET /sse, opened and closed", rate: clients, seconds, signal },
      ),
      openLoop(lanes, { name: "add, stateless, beside them", rate, seconds, signal }),
    ]);
    const made = site.sessionObjects() - objectsBefore;
    const after = await worker.memory();
    const gone = await sessionsGone(site, plan.goneSeconds, signal);
    const facts = [
      { what: "streams that opened", value: answers.opened },
      { what: "429 with `Retry-After`", value: answers.refused },
      { what: "session objects that were made", value: made },
      ...gone.facts,
      ...memoryFact("workerd's memory before", before),
      ...memoryFact("workerd's memory after", after),
    ];
    const faults = [...seriesFaults(beside), ...seriesFaults(opening), ...gone.faults];
    if (made > answers.opened)
      faults.push(`${made} objects were made for ${answers.opened} streams.`);
    return { series: [...quiet, opening, beside], facts, faults };
  },
};
