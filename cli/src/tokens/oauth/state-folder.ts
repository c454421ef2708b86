import { homedir } from "node:os";
import { join } from "node:path";

/** Overrides where the bridge keeps what it knows. */
export const HOME_VARIABLE = "MCP_BRIDGE_HOME";

const NAME = "mcp-bridge";

/** The folder of what the bridge keeps: where each system has the state of a person's programs. */
export function stateFolder(): string {
  const { env, platform } = process;
  const own = env[HOME_VARIABLE];
  if (own) return own;
  if (platform === "darwin") return join(homedir(), "Library", "Application Support", NAME);
  if (platform === "win32")
    return join(env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), NAME);
  return join(env["XDG_STATE_HOME"] || join(homedir(), ".local", "state"), NAME);
}
