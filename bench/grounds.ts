import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

import { type EmulatorControl, emulatorControl } from "../emulator/control-client.ts";
import { startGitHub } from "../emulator/github.ts";
import { type GoogleEmulator, startGoogle } from "../emulator/google.ts";
import { EMULATED_OAUTH_APP } from "../emulator/seed.ts";
import { registerClient, signIn } from "../test/support/sign-in.ts";
import { credentialSettings } from "./credentials.ts";
import type { SignInOnce } from "./lanes/sign-in.ts";
import { buildSites, type SiteName, type SitePlan, SITES } from "./sites.ts";
import { signInToStock } from "./stock-sign-in.ts";
import { claimCores, type CoreSplit, moveToWorkerCore } from "./workers/cores.ts";
import { type RunningWorker, type RunOptions, runWorker } from "./workers/run.ts";

/** What answers on loopback, and a token that it accepts. */
export interface Place extends Pick<RunningWorker, "origin" | "processorTime"> {
  readonly token: string;
  readonly signInOnce: SignInOnce;
}

/** A running Worker that has let a client in. */
export type Site = RunningWorker & Place;

type StartOptions = Pick<RunOptions, "inspect" | "keepsObjects">;

/** Where everything runs: GitHub, Google, and Workers as they are asked for. */
export interface Grounds {
  /** The local GitHub, and a token of octocat's that it knows. It runs in this process. */
  readonly github: Place;
  readonly control: EmulatorControl;
  readonly google: GoogleEmulator;
  /** How the cores were divided, if they were. */
  readonly cores: CoreSplit | undefined;
  /** Starts a Worker in a workerd of its own and signs a client in. */
  start(name: SiteName, options?: StartOptions): Promise<Site>;
  /** Ends what still runs. */
  close(): Promise<void>;
}

type Surroundings = Pick<Grounds, "github" | "control" | "google">;

function oursSettings(
  tools: string,
  { github, google }: Surroundings,
): NonNullable<RunOptions["vars"]> {
  return () => ({
    GITHUB_CLIENT_ID: EMULATED_OAUTH_APP.clientId,
    GITHUB_CLIENT_SECRET: EMULATED_OAUTH_APP.clientSecret,
    GITHUB_URL: github.origin.replace("127.0.0.1", "localhost"),
    SERVER_SECRET: randomBytes(32).toString("hex"),
    TOOLS: tools,
    ...credentialSettings(google),
  });
}

function settingsOf(plan: SitePlan, surroundings: Surroundings): RunOptions["vars"] {
  if (plan.kind === "floor") return undefined;
  if (plan.kind === "ours") return oursSettings(plan.tools, surroundings);
  const { github } = surroundings;
  return (origin) => ({
    MCP_RESOURCE: origin + plan.path,
    TOOL_COUNT: plan.tools,
    GITHUB_API: `${github.origin}/api/v3`,
    GITHUB_TOKEN: github.token,
  });
}

const nobody: SignInOnce = () => Promise.reject(new Error("Nobody signs in there."));

/** How a client is let in: through the real pages of ours, and at once by stock. */
async function accessOf(
  plan: SitePlan,
  origin: string,
  control: EmulatorControl,
): Promise<Pick<Site, "token" | "signInOnce">> {
  if (plan.kind === "floor") return { token: "", signInOnce: nobody };
  if (plan.kind === "stock") {
    const { path } = plan;
    return {
      token: (await signInToStock(origin, { path })).access_token,
      signInOnce: async ({ clientName }) =>
        (await signInToStock(origin, { path, clientName })).revoke,
    };
  }
  const site = { url: origin, github: control };
  return {
    token: (await signIn(site, "octocat")).access_token,
    signInOnce: async ({ clientName, login }) => {
      const client = await registerClient(site, { client_name: clientName });
      return (await signIn(site, login, { client })).revoke;
    },
  };
}

/** Builds what these sites need into a folder, where they store too, then divides the cores and starts GitHub and Google. */
export async function prepareGrounds(names: readonly SiteName[], folder: string): Promise<Grounds> {
  const builds = await buildSites(names, folder);
  const cores = await claimCores();
  const emulator = await startGitHub();
  const google = await startGoogle();
  const closers: (() => Promise<void>)[] = [() => emulator.close(), () => google.close()];
  const control = emulatorControl(emulator.url);
  const { access_token } = await control.mintToken({ login: "octocat", app: "classic" });
  const origin = emulator.url.replace("localhost", "127.0.0.1");
  const github: Place = {
    origin,
    token: access_token,
    signInOnce: nobody,
    processorTime: async () => undefined,
  };
  return {
    github,
    control,
    google,
    cores,
    async start(name, options) {
      const plan: SitePlan = SITES[name];
      const build = builds.get(plan.build);
      if (!build) throw new Error(`${name} was not built.`);
      const vars = settingsOf(plan, { github, control, google });
      const limits = plan.kind === "ours" ? plan.limits : undefined;
      const given = { ...(vars && { vars }), ...(limits && { limits }) };
      const stateDir = await mkdtemp(join(folder, "state-"));
      const worker = await runWorker({ build, stateDir, ...given, ...options });
      const close = async () => {
        await worker.close();
        await rm(stateDir, { recursive: true, force: true });
      };
      closers.push(close);
      await moveToWorkerCore(worker.pid, cores);
      return { ...worker, close, ...(await accessOf(plan, worker.origin, control)) };
    },
    async close() {
      await Promise.all(closers.map((end) => end()));
    },
  };
}
