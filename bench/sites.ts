import { randomBytes } from "node:crypto";
import { join } from "node:path";

import { type EmulatorControl, emulatorControl } from "../emulator/control-client.ts";
import { startGitHub } from "../emulator/github.ts";
import { type GoogleEmulator, startGoogle } from "../emulator/google.ts";
import { EMULATED_OAUTH_APP } from "../emulator/seed.ts";
import { newServiceToken } from "../scripts/service-token.ts";
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
  /** What callers without a browser present to our Worker. */
  readonly tokens: Readonly<Record<"service" | "github" | "google", string>>;
  close(): Promise<void>;
}

const AUDIENCE = "https://bench.example";
const SERVICE_ACCOUNT = "bench@octo-project.iam.gserviceaccount.com";

/** Leaves a service token with a running Worker, as `npm run token` does. */
async function serviceTokenFor(worker: RunningWorker): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { token, entry } = await newServiceToken({
    name: "bench",
    scopes: ["mcp:tools"],
    createdBy: "bench",
    createdAt: now,
    expiresAt: now + 3600,
  });
  const { key, value, ...options } = entry;
  await worker.putInKv(key, value, options);
  return token;
}

function settingsOf(githubUrl: string, google: GoogleEmulator): Record<string, string> {
  return {
    GITHUB_CLIENT_ID: EMULATED_OAUTH_APP.clientId,
    GITHUB_CLIENT_SECRET: EMULATED_OAUTH_APP.clientSecret,
    GITHUB_URL: githubUrl,
    SERVER_SECRET: randomBytes(32).toString("hex"),
    ALLOW_GITHUB_TOKENS: "true",
    GOOGLE_AUDIENCES: AUDIENCE,
    GOOGLE_PRINCIPALS: `serviceAccount:${SERVICE_ACCOUNT}`,
    GOOGLE_CERTS_URL: google.certsUrl,
  };
}

async function tokensFor(
  worker: RunningWorker,
  github: EmulatorControl,
  google: GoogleEmulator,
): Promise<Sites["tokens"]> {
  return {
    service: await serviceTokenFor(worker),
    github: (await github.mintToken({ login: "octocat", app: "classic" })).access_token,
    google: google.mint({ claims: { aud: AUDIENCE, email: SERVICE_ACCOUNT } }),
  };
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
  const google = await startGoogle();
  const closers: (() => Promise<void>)[] = [() => github.close(), () => google.close()];
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
      vars: () => settingsOf(github.url, google),
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
      tokens: await tokensFor(ours, control, google),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
