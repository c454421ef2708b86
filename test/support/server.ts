import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import {
  createTestHarness,
  type TestHarness,
  type TestHarnessOptions,
  type Unstable_Config,
  unstable_readConfig,
} from "wrangler";

import { type EmulatorControl, emulatorControl } from "../../emulator/control-client.ts";
import { startGitHub } from "../../emulator/github.ts";
import { EMULATED_GITHUB_APP, EMULATED_OAUTH_APP } from "../../emulator/seed.ts";
import { builtWorker } from "./built-workers.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export const SERVER_SECRET = "a test secret of more than thirty-two characters";

/** Signs people in with a GitHub App, whose tokens end and are renewed, instead of an OAuth App. */
export const GITHUB_APP_SETTINGS = {
  GITHUB_CLIENT_ID: EMULATED_GITHUB_APP.clientId,
  GITHUB_CLIENT_SECRET: EMULATED_GITHUB_APP.clientSecret,
};

export interface TestServerOptions {
  /** Settings beside, or instead of, the usual ones; `undefined` leaves one out. */
  settings?: Record<string, string | undefined>;
  /** Another Worker entry, relative to the project. */
  main?: string;
  /**
   * The limits of wrangler.jsonc hold, or all of them with another number or for other seconds;
   * without this, there are none.
   */
  limits?: "deployed" | { limit?: number; period?: 10 };
}

/** The Worker in workerd, and the GitHub that it talks to. */
export interface TestServer {
  /** Where the Worker listens, such as http://127.0.0.1:43210. */
  readonly url: string;
  readonly githubUrl: string;
  readonly github: EmulatorControl;
  readonly harness: TestHarness;
  /** Where workerd keeps KV and Durable Objects on disk. */
  readonly stateDir: string;
  /** Deploys the Worker again with other settings, over the same storage. */
  redeploy(changed: Record<string, string | undefined>): Promise<void>;
  close(): Promise<void>;
}

type Settings = Record<string, string | undefined>;

const deployed: Unstable_Config = unstable_readConfig({ config: join(root, "wrangler.jsonc") });

async function workerOptions(
  settings: Settings,
  { main = "src/index.ts", limits }: TestServerOptions,
): Promise<TestHarnessOptions> {
  const built = await builtWorker(main);
  const { compatibility_date, compatibility_flags, durable_objects, migrations } = deployed;
  const ratelimits = limits
    ? deployed.ratelimits.map((rate) => ({
        ...rate,
        simple: { ...rate.simple, ...(limits !== "deployed" && limits) },
      }))
    : [];
  const given = Object.entries(settings);
  const vars = given.filter((entry): entry is [string, string] => entry[1] !== undefined);
  return {
    root,
    workers: [
      {
        config: {
          name: "github-mcp-worker",
          ...(built === undefined
            ? { main, tsconfig: "tsconfig.worker.json" }
            : {
                main: join(built, "index.js"),
                base_dir: built,
                no_bundle: true,
                rules: [{ type: "ESModule", globs: ["worker.js"] }],
              }),
          compatibility_date,
          compatibility_flags,
          kv_namespaces: [{ binding: "OAUTH_KV", id: "test" }],
          durable_objects,
          migrations,
          ratelimits,
          vars: Object.fromEntries(vars),
        },
      },
    ],
  };
}

export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  // The harness offers no storage location; its runtime takes the system's temporary folder.
  const systemTemporary = process.env["TMPDIR"];
  const stateDir = await mkdtemp(join(systemTemporary ?? tmpdir(), "github-mcp-worker-"));
  const emulator = await startGitHub();
  const settings: Settings = {
    GITHUB_CLIENT_ID: EMULATED_OAUTH_APP.clientId,
    GITHUB_CLIENT_SECRET: EMULATED_OAUTH_APP.clientSecret,
    GITHUB_URL: emulator.url,
    SERVER_SECRET,
    ...options.settings,
  };
  const harness = createTestHarness(await workerOptions(settings, options));
  process.env["TMPDIR"] = stateDir;
  // Otherwise it asks the internet for a sample of Cloudflare's request metadata.
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  const { url } = await harness.listen();
  if (systemTemporary === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = systemTemporary;
  return {
    url: url.origin,
    githubUrl: emulator.url,
    github: emulatorControl(emulator.url),
    harness,
    stateDir,
    async redeploy(changed) {
      await harness.update(await workerOptions({ ...settings, ...changed }, options));
    },
    async close() {
      await harness.close();
      await emulator.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
}
