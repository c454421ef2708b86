import type { Lane } from "../../bench/lanes/lane.ts";
import { from } from "../support/flood.ts";
import { authorizeUrl, pkce, REDIRECT_URI } from "../support/sign-in.ts";
import { beforeLoad, besideLanes } from "./beside.ts";
import { times } from "./calibrate.ts";
import { seriesFaults } from "./faults.ts";
import { openLoop } from "./open-loop.ts";
import type { LoadStage } from "./stage.ts";

/** How the rounds of a loop ended. */
interface Rounds {
  pages: number;
  refused: number;
}

const ADDRESS = from("192.0.2.1");

const METADATA = JSON.stringify({
  client_name: "A client in a loop",
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: "none",
});

/** Counts an answer that is right: what was asked for, or 429 with a time to wait. */
function isRefused({ status, headers }: Response): boolean {
  if (status === 429 && Number(headers.get("retry-after")) > 0) return true;
  if (status === 200 || status === 201) return false;
  throw new Error(`A round of the loop was answered with ${status}.`);
}

/** Registers, opens the consent page, gives up, and begins again. */
function looper(origin: string, rounds: Rounds): Lane {
  return async () => ({
    async exchange() {
      const headers = { "content-type": "application/json", ...ADDRESS };
      const registered = await fetch(`${origin}/register`, {
        method: "POST",
        headers,
        body: METADATA,
      });
      if (isRefused(registered)) {
        rounds.refused += 1;
        await registered.body?.cancel();
        return;
      }
      const { client_id } = (await registered.json()) as { client_id: string };
      const url = authorizeUrl({ url: origin }, { client_id, code_challenge: pkce().challenge });
      const page = await fetch(url, { headers: ADDRESS });
      await page.body?.cancel();
      if (isRefused(page)) rounds.refused += 1;
      else rounds.pages += 1;
    },
    close() {},
  });
}

const CONNECTIONS = 8;

/** A client that begins to sign in, over and over, under the limits as deployed. */
export const loginLoop: LoadStage<{
  rate: number;
  seconds: number;
  besideRate: number;
  calibrationSeconds: number;
}> = {
  amounts: {
    rate: ["LOAD_LOOP_RATE", 17],
    seconds: ["LOAD_LOOP_SECONDS", 20],
    besideRate: ["LOAD_BESIDE_RATE", 5],
    calibrationSeconds: ["LOAD_CALIBRATION_SECONDS", 5],
  },
  limits: "deployed",
  async run(site, plan, signal) {
    const { rate, seconds, besideRate } = plan;
    const quiet = { rate: besideRate, seconds: plan.calibrationSeconds };
    const before = await beforeLoad(site, quiet, signal);
    const lanes = await besideLanes(site);
    const rounds: Rounds = { pages: 0, refused: 0 };
    const [loop, beside] = await Promise.all([
      openLoop(
        times(CONNECTIONS, () => looper(site.worker.origin, rounds)),
        { name: "register, open the page, give up", rate, seconds, signal },
      ),
      openLoop(lanes, {
        name: "add, stateless, beside them",
        rate: besideRate,
        seconds,
        signal,
      }),
    ]);
    const facts = [
      { what: "consent pages that opened", value: rounds.pages },
      { what: "429 with `Retry-After`", value: rounds.refused },
    ];
    const faults = [...seriesFaults(loop), ...seriesFaults(beside)];
    return { series: [...before, loop, beside], facts, faults };
  },
};
