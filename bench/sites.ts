import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { emulatorControl } from "../emulator/control-client.ts";
import { startGitHub } from "../emulator/github.ts";
import { EMULATED_OAUTH_APP } from "../emulator/seed.ts";
import { signIn } from "../test/support/sign-in.ts";
import { signInToStock } from "./stock-sign-in.ts";
import { build } from "./workers/build.ts";
import { type ComparedWorker, configOf, OURS } from "./workers/configs.ts";
import { type RunningWorker, runWorker } from "./workers/run.ts";

/** A running Worker, and a token that it accepts. */
export interface Site extends RunningWorker {
  readonly token: string;
}

export interface Sites {
  readonly floor: RunningWorker;
  readonly stockStateless: Site;
  readonly stockSession: Site;
  readonly ours: Site;
  /** The same Worker for a client of `/sse`, whose token is bound to that URL. */
  readonly oursOnSse: Site;
  close(): Promise<void>;
}

/** Builds and starts everything that is compared, each Worker in a workerd of its own. */
export async function startSites(folder: string): Promise<Sites> {
  const buildCompared = async (name: ComparedWorker) => {
    const config = await configOf(name, join(folder, name));
    return build({ config, outdir: join(folder, name, "out") });
  };
  const [floorBuild, statelessBuild, sessionBuild, oursBuild] = await Promise.all([
    buildCompared("floor"),
    buildCompared("stock-stateless"),
    buildCompared("stock-session"),
    build({ config: OURS, outdir: join(folder, "ours") }),
  ]);
  const github = await startGitHub();
  const closers: (() => Promise<void>)[] = [() => github.close()];
  const close = async () => {
    await Promise.all(closers.map((end) => end()));
  };
  const start = async (...options: Parameters<typeof runWorker>) => {
    const worker = await runWorker(...options);
    closers.push(() => worker.close());
    return worker;
  };

  try {
    const floor = await start({ build: floorBuild });
    const stateless = await start({
      build: statelessBuild,
      vars: (origin) => ({ MCP_RESOURCE: `${origin}/mcp` }),
    });
    const session = await start({
      build: sessionBuild,
      vars: (origin) => ({ MCP_RESOURCE: origin }),
    });
    const ours = await start({
      build: oursBuild,
      vars: () => ({
        GITHUB_CLIENT_ID: EMULATED_OAUTH_APP.clientId,
        GITHUB_CLIENT_SECRET: EMULATED_OAUTH_APP.clientSecret,
        GITHUB_URL: github.url,
        SERVER_SECRET: randomBytes(32).toString("hex"),
      }),
    });
    const control = emulatorControl(github.url);
    const tokenFor = async (path: string) => {
      const site = { url: ours.origin, github: control };
      return (await signIn(site, "octocat", { path })).access_token;
    };
    return {
      floor,
      stockStateless: { ...stateless, token: await signInToStock(stateless.origin, "/mcp") },
      stockSession: { ...session, token: await signInToStock(session.origin, "") },
      ours: { ...ours, token: await tokenFor("/mcp") },
      oursOnSse: { ...ours, token: await tokenFor("/sse") },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
