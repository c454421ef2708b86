import { fileURLToPath } from "node:url";

import { type Unstable_Config, unstable_readConfig, unstable_startWorker } from "wrangler";

import { type EmulatorControl, emulatorControl } from "../../emulator/control-client.ts";
import { startGitHub } from "../../emulator/github.ts";
import { EMULATED_OAUTH_APP } from "../../emulator/seed.ts";
import { SERVER_SECRET } from "./server.ts";

/** The Worker in workerd with its own way to the network, and the GitHub at the end of it. */
export interface NetworkServer {
  readonly url: string;
  readonly githubUrl: string;
  readonly github: EmulatorControl;
  /** Everything that the Worker has logged. */
  readonly logs: readonly unknown[];
  close(): Promise<void>;
}

const config = fileURLToPath(new URL("../../wrangler.jsonc", import.meta.url));

const deployed: Unstable_Config = unstable_readConfig({ config });

/** One address asks for much here: no test meets a limit. */
const limits = Object.fromEntries(
  deployed.ratelimits.map(({ name, simple, ...rate }) => [
    name,
    { ...rate, type: "ratelimit" as const, simple: { ...simple, limit: 1_000_000_000 } },
  ]),
);

const text = (value: string) => ({ type: "plain_text" as const, value });

/**
 * For tests of what can go wrong between the Worker and GitHub. The test harness carries a Worker's
 * requests over this process's fetch, which follows redirects whatever the Worker asked for, turns
 * a lost connection into an answer with 500, and never ends one that was cut off.
 */
export async function startNetworkServer(
  settings: Record<string, string> = {},
): Promise<NetworkServer> {
  // Otherwise it asks the internet for a sample of Cloudflare's request metadata.
  process.env["CLOUDFLARE_CF_FETCH_ENABLED"] = "false";
  const emulator = await startGitHub();
  const logs: unknown[] = [];
  const worker = await unstable_startWorker({
    config,
    bindings: {
      ...limits,
      GITHUB_CLIENT_ID: text(EMULATED_OAUTH_APP.clientId),
      GITHUB_CLIENT_SECRET: text(EMULATED_OAUTH_APP.clientSecret),
      GITHUB_URL: text(emulator.url),
      SERVER_SECRET: text(SERVER_SECRET),
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, text(value)])),
    },
    dev: {
      // Without an account; the binding for Workers AI is there and throws.
      remote: false,
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
      logLevel: "none",
      watch: false,
      persist: false,
      structuredLogsHandler: (log: unknown) => logs.push(log),
    },
  });
  const { origin } = await worker.url;
  return {
    url: origin,
    githubUrl: emulator.url,
    github: emulatorControl(emulator.url),
    logs,
    async close() {
      await worker.dispose();
      await emulator.close();
    },
  };
}
