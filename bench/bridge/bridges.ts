import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { BRIDGE } from "../../test/support/built-bridge.ts";
import type { Shell } from "../../test/support/shell.ts";
import { StdioRpc } from "../../test/support/stdio-rpc.ts";

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Each as it is installed, on this Node.js, with the way in that its settings have anyway. */
const COMMANDS = {
  "mcp-bridge": (url: string) => [BRIDGE, "run", "--url", url],
  "mcp-remote": (url: string) => [at("node_modules/mcp-remote/dist/proxy.js"), url],
};

export type BridgeName = keyof typeof COMMANDS;

export const BRIDGES = Object.keys(COMMANDS) as BridgeName[];

/** Starts a bridge in a home, where it keeps what it was given before. */
export function startBridge(name: BridgeName, url: string, { env, home }: Shell): StdioRpc {
  return new StdioRpc({
    command: [process.execPath, ...COMMANDS[name](url)],
    env: {
      ...env,
      MCP_BRIDGE_HOME: join(home, "mcp-bridge"),
      MCP_REMOTE_CONFIG_DIR: join(home, "mcp-remote"),
    },
    stderr: "ignore",
  });
}

/** As a desktop client begins. */
export async function initialize(bridge: StdioRpc): Promise<void> {
  await bridge.request("initialize", {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "bench", version: "1.0.0" },
  });
  bridge.notify("notifications/initialized");
}
