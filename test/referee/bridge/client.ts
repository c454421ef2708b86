import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { BRIDGE } from "../../support/built-bridge.ts";
import { ProtocolClient } from "./protocol-client.ts";
import { playScenario, type ScenarioContext } from "./scenario-steps.ts";

/**
 * The client that the referee looks at: `node client.ts <server-url>`. It speaks stdio to the bridge
 * and is the person at the browser. Exits with 1 when the server, or the bridge, answered with an error.
 */
const BROWSER = fileURLToPath(new URL("follow-link.mjs", import.meta.url));

/** The client metadata document that the referee expects. */
const KNOWN_DOCUMENT = "https://conformance-test.local/client-metadata.json";

const [url = ""] = process.argv.slice(2);
const {
  MCP_CONFORMANCE_SCENARIO: scenario = "",
  MCP_CONFORMANCE_PROTOCOL_VERSION: version = "",
  MCP_CONFORMANCE_CONTEXT: told = "{}",
} = process.env;
const context = JSON.parse(told) as ScenarioContext;

const home = await mkdtemp(join(tmpdir(), "mcp-bridge-referee-"));
const command = [
  process.execPath,
  BRIDGE,
  "run",
  `--url=${url}`,
  "--auth-timeout=20",
  context.client_id === undefined
    ? `--client-metadata-url=${KNOWN_DOCUMENT}`
    : `--client-id=${context.client_id}`,
];
const env = {
  ...process.env,
  MCP_BRIDGE_HOME: home,
  BROWSER,
  ...(context.client_secret !== undefined && { MCP_BRIDGE_CLIENT_SECRET: context.client_secret }),
};

const client = new ProtocolClient(command, env, version);
try {
  await playScenario(scenario, client, context);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
} finally {
  await client.close();
  await rm(home, { recursive: true, force: true });
}
