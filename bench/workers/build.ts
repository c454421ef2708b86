import { execFile } from "node:child_process";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const wranglerManifest = createRequire(import.meta.url).resolve("wrangler/package.json");
const wrangler = join(dirname(wranglerManifest), "bin/wrangler.js");

export interface BuildOptions {
  /** The Worker's Wrangler configuration. */
  readonly config: string;
  /** Another entry than the configuration names. */
  readonly main?: string | undefined;
  readonly outdir: string;
}

/** What esbuild says about one bundle, as far as it is read here. */
export interface Metafile {
  /** Each bundled file, with what its imports say. */
  readonly inputs: Record<string, { imports: { original?: string }[] }>;
  readonly outputs: Record<
    string,
    { entryPoint?: string; inputs: Record<string, { bytesInOutput: number }> }
  >;
}

export interface Build {
  readonly config: string;
  /** The bundled module. */
  readonly entry: string;
  readonly metafile: Metafile;
}

/** Bundles a Worker as `npm run deploy` does, without an account or a network. */
export async function build({ config, main, outdir }: BuildOptions): Promise<Build> {
  await mkdir(outdir, { recursive: true });
  const metafilePath = join(outdir, "bundle-meta.json");
  const flags = [
    "--dry-run",
    "--minify",
    "--config",
    config,
    "--outdir",
    outdir,
    "--metafile",
    metafilePath,
    "--upload-source-maps=false",
  ];
  await run(
    process.execPath,
    [wrangler, "deploy", ...(main === undefined ? [] : [main]), ...flags],
    {
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: outdir },
    },
  );
  const metafile = JSON.parse(await readFile(metafilePath, "utf8")) as Metafile;
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint);
  if (!entry) throw new Error(`The bundle of ${config} has no entry.`);
  return { config, entry: join(outdir, basename(entry)), metafile };
}
