import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

const wrangler = join(root, "node_modules", "wrangler", "bin", "wrangler.js");

/** Names the folder for what one run of the tests builds, to all processes of the run. */
const FOLDER = "BUILT_WORKERS";

/**
 * At every start Wrangler has esbuild read the entry for what it exports. This one is small; the
 * Worker itself has one and a half megabytes.
 */
const ENTRY = 'export * from "./worker.js";\nexport { default } from "./worker.js";\n';

const builds = new Map<string, Promise<string>>();

/** Vitest calls this once before the tests of a project. */
export async function setup(): Promise<void> {
  // Another project of this run may have made it; a run within a run has sources of its own.
  const name = `built-workers-${process.pid}-`;
  if (!process.env[FOLDER]?.includes(name)) {
    process.env[FOLDER] = await mkdtemp(join(tmpdir(), name));
  }
  // Nearly every file starts this one, and several do at the same moment.
  await builtWorker("src/index.ts");
}

/** Vitest calls this once after them. */
export async function teardown(): Promise<void> {
  const folder = process.env[FOLDER];
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}

/**
 * A folder with the Worker of an entry as `npm run deploy` would send it, built once in a run:
 * starting a server would otherwise take twice as long. There is none outside a run of the tests.
 */
export async function builtWorker(main: string): Promise<string | undefined> {
  const folder = process.env[FOLDER];
  if (folder === undefined) return undefined;
  const known = builds.get(main) ?? build(main, join(folder, basename(main, ".ts")));
  builds.set(main, known);
  return await known;
}

async function build(main: string, place: string): Promise<string> {
  if (existsSync(place)) return place;
  const own = await mkdtemp(`${place}-`);
  const words = ["deploy", main, "--dry-run", "--minify", "--outdir", own];
  // With its banner, it asks the internet for a newer version.
  const env = { ...process.env, WRANGLER_HIDE_BANNER: "true", WRANGLER_SEND_METRICS: "false" };
  await promisify(execFile)(process.execPath, [wrangler, ...words], { cwd: root, env });
  await rename(join(own, `${basename(main, ".ts")}.js`), join(own, "worker.js"));
  await writeFile(join(own, "index.js"), ENTRY);
  // Another process may have been as quick, with the same outcome.
  await rename(own, place).catch(() => rm(own, { recursive: true, force: true }));
  return place;
}
