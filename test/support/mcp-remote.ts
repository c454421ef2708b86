import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

import { NODE, type Shell } from "./shell.ts";

const MCP_REMOTE = fileURLToPath(
  new URL("../../node_modules/mcp-remote/dist/proxy.js", import.meta.url),
);

/** A desktop client, and the mcp-remote that it started. */
export interface McpRemote {
  readonly client: Client;
  /** Resolves when the server has answered; rejects when mcp-remote ends before. */
  readonly connected: Promise<void>;
  printed(): string;
  close(): Promise<void>;
}

/** Starts mcp-remote as a desktop client does, and speaks to it over its standard streams. */
export function startMcpRemote(
  shell: Shell,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): McpRemote {
  const transport = new StdioClientTransport({
    command: NODE,
    args: [MCP_REMOTE, ...args],
    env: { ...shell.env, MCP_REMOTE_CONFIG_DIR: join(shell.home, "mcp-remote"), ...env },
    stderr: "pipe",
  });
  const client = new Client({ name: "desktop", version: "1.0.0" });
  let printed = "";
  transport.stderr?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const connected = client.connect(transport);
  const { pid } = transport;
  return {
    client,
    connected,
    printed: () => printed,
    async close() {
      await client.close();
      // A transport that is closing already, after a failed connection, is not waited for.
      end(pid);
    },
  };
}

function end(pid: number | null): void {
  if (pid === null) throw new Error("mcp-remote was not started.");
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
