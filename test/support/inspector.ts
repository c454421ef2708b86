import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { ToolResult } from "./connect.ts";
import { NODE, type Shell } from "./shell.ts";

export const INSPECTOR = fileURLToPath(
  new URL(
    "../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
    import.meta.url,
  ),
);
const RUN_TIMEOUT_MS = 60_000;

/** One way to the server, as people choose it on the command line. */
export interface InspectorRoad {
  readonly road: string;
  readonly path: string;
  readonly options: readonly string[];
}

export const INSPECTOR_ROADS: readonly InspectorRoad[] = [
  { road: "/mcp", path: "/mcp", options: ["--transport", "http"] },
  { road: "/mcp, stateless", path: "/mcp", options: ["--protocol-era", "modern"] },
  { road: "/sse", path: "/sse", options: ["--transport", "sse"] },
];

export interface Inspection {
  /** What it printed as its result. */
  readonly result: { tools?: { name: string }[] } & Partial<ToolResult>;
  readonly stderr: string;
}

/** One run of `mcp-inspector --cli`. Throws when it ends with an error of its own. */
export async function inspect(
  { env }: Pick<Shell, "env">,
  server: string,
  { path, options }: InspectorRoad,
  args: readonly string[],
): Promise<Inspection> {
  const where = ["--server-url", `${server}${path}`, ...options];
  const child = spawn(NODE, [INSPECTOR, "--cli", ...where, "--format", "json", ...args], {
    // It opens no browser without a terminal, unless it is told to; and the home has no keychain.
    env: { ...env, MCP_AUTO_OPEN_ENABLED: "true", MCP_INSPECTOR_SECRET_STORE: "file" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_TIMEOUT_MS,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`The Inspector ended with ${code}: ${stderr}`);
  return { stderr, result: (JSON.parse(stdout) as Inspection).result };
}

/** The arguments that call a tool. */
export function callOf(tool: string, args: Record<string, unknown> = {}): string[] {
  const json = JSON.stringify(args);
  return ["--method", "tools/call", "--tool-name", tool, "--tool-args-json", json];
}
