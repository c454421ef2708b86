import { realpathSync } from "node:fs";
import { sep } from "node:path";

import { BridgeError } from "../bridge-error.ts";
import type { Launch } from "./client-program.ts";

/** Where npm keeps what `npx` runs, until it cleans up. */
const PASSING = `${sep}_npx${sep}`;

/**
 * How a client starts this very program: by whole paths, because clients with windows do not know a
 * shell's PATH. Throws `BridgeError` for a program that npm may remove at any time.
 */
export function thisProgram(args: readonly string[]): Launch {
  const main = realpathSync(process.argv[1] ?? "");
  if (main.includes(PASSING)) {
    throw new BridgeError("This copy of mcp-bridge is one that npm cleans up.", {
      advice: "Install it first: npm install --global mcp-server-bridge.",
    });
  }
  const home = process.env["MCP_BRIDGE_HOME"];
  return {
    command: process.execPath,
    args: [main, ...args],
    ...(home && { env: { MCP_BRIDGE_HOME: home } }),
  };
}
