import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const INSTALL_TIMEOUT_MS = 300_000;

/** A program of npm that is too heavy for a dependency: hundreds of megabytes. */
export interface Installable {
  readonly name: string;
  readonly version: string;
  readonly bin: string;
}

/** What keeps a program off the internet, and leaves it this machine. Nothing listens on port 9. */
export const OFFLINE = { HTTPS_PROXY: "http://127.0.0.1:9", NO_PROXY: "localhost,127.0.0.1,::1" };

function versionAt(folder: string, name: string): string | undefined {
  const file = join(folder, "node_modules", name, "package.json");
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/**
 * The path of the program, in exactly this version: from the folder that `CLIENT_PROGRAMS` names,
 * if it is installed there, or else from a cache in the system's temporary folder, which is filled
 * from npm's registry.
 */
export async function installedProgram({ name, version, bin }: Installable): Promise<string> {
  const given = process.env["CLIENT_PROGRAMS"];
  const cache = join(tmpdir(), "github-mcp-worker-clients", `${bin}-${version}`);
  const folder = [given, cache].find((one) => one && versionAt(one, name) === version);
  if (!folder) await install(`${name}@${version}`, cache);
  return join(folder ?? cache, "node_modules", ".bin", bin);
}

/** Takes the place of nothing until it is complete. */
async function install(what: string, cache: string): Promise<void> {
  await mkdir(dirname(cache), { recursive: true });
  const folder = await mkdtemp(`${cache}-`);
  const options = ["--no-save", "--no-audit", "--no-fund", "--prefix", folder];
  await promisify(execFile)("npm", ["install", ...options, what], { timeout: INSTALL_TIMEOUT_MS });
  await rename(folder, cache);
}
