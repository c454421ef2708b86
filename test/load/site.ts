import { randomBytes } from "node:crypto";
import { globSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";

import type { SignedInSite } from "../../bench/lanes/lane.ts";
import { type Build, build } from "../../bench/workers/build.ts";
import { configOf, OURS } from "../../bench/workers/configs.ts";
import { type Limits, type RunningWorker, runWorker } from "../../bench/workers/run.ts";
import { type EmulatorControl, emulatorControl } from "../../emulator/control-client.ts";
import { startGitHub } from "../../emulator/github.ts";
import { EMULATED_OAUTH_APP } from "../../emulator/seed.ts";
import { signIn } from "../support/sign-in.ts";

/** Whoever is in the local GitHub from the start. */
export const PEOPLE = ["octocat", "hubot", "mona", "codercat", "bibliocat"] as const;

export type Person = (typeof PEOPLE)[number];

/** What is under load, each Worker in a workerd of its own, without a proxy before it. */
export interface LoadSite {
  readonly url: string;
  readonly github: EmulatorControl;
  /** Where workerd keeps KV and Durable Objects on disk. */
  readonly stateDir: string;
  readonly worker: RunningWorker;
  /** The least that a Worker can do: what this machine is calibrated with. */
  readonly floor: RunningWorker;
  /** Signs a person in through the real pages. */
  signedIn(person: Person, path?: "/mcp" | "/sse"): Promise<SignedInSite>;
  /** How many session objects were ever made: a file stays of each. */
  sessionObjects(): number;
  close(): Promise<void>;
}

export interface LoadBuilds {
  readonly floor: Build;
  readonly worker: Build;
}

export async function buildForLoad(folder: string): Promise<LoadBuilds> {
  const config = await configOf("floor", join(folder, "floor"));
  const [floor, worker] = await Promise.all([
    build({ config, outdir: join(folder, "floor", "out") }),
    build({ config: OURS, outdir: join(folder, "worker") }),
  ]);
  return { floor, worker };
}

export interface LoadSiteOptions {
  /** Below it, a folder is made for what workerd keeps. */
  readonly folder: string;
  readonly limits?: Limits | undefined;
}

/** Starts everything on loopback. Whatever was started ends if something does not start. */
export async function startLoadSite(
  builds: LoadBuilds,
  { folder, limits }: LoadSiteOptions,
): Promise<LoadSite> {
  const stateDir = await mkdtemp(join(folder, "state-"));
  const running: { close(): Promise<void> }[] = [];
  const started = <Part extends { close(): Promise<void> }>(part: Part): Part => {
    running.push(part);
    return part;
  };
  const close = async () => {
    await Promise.all(running.map((part) => part.close()));
  };
  try {
    const emulator = started(await startGitHub());
    const floor = started(await runWorker({ build: builds.floor }));
    const vars = () => ({
      GITHUB_CLIENT_ID: EMULATED_OAUTH_APP.clientId,
      GITHUB_CLIENT_SECRET: EMULATED_OAUTH_APP.clientSecret,
      GITHUB_URL: emulator.url,
      SERVER_SECRET: randomBytes(32).toString("hex"),
    });
    const worker = started(
      await runWorker({ build: builds.worker, vars, ...(limits && { limits }), stateDir }),
    );
    const url = worker.origin;
    const github = emulatorControl(emulator.url);
    return {
      url,
      github,
      stateDir,
      worker,
      floor,
      async signedIn(person, path = "/mcp") {
        const { access_token } = await signIn({ url, github }, person, { path });
        return { origin: url, token: access_token };
      },
      sessionObjects: () =>
        globSync(join(stateDir, "**/*SessionAgent/*.sqlite")).filter(
          (file) => !file.endsWith("metadata.sqlite"),
        ).length,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
