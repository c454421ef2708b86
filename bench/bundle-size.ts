import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";

import { type PackageSize, sizesByPackage } from "./bundle-by-package.ts";
import { build, type Build } from "./workers/build.ts";

export interface BundleSize {
  /** Bytes. */
  readonly minified: number;
  /** Bytes. */
  readonly gzip: number;
  readonly packages: readonly PackageSize[];
}

/** What a Worker weighs as `wrangler deploy --minify` uploads it. */
export async function bundleSize(
  config: string,
  outdir: string,
): Promise<{ size: BundleSize; built: Build }> {
  const built = await build({ config, outdir });
  const code = await readFile(built.entry);
  const packages = sizesByPackage(built.metafile);
  return { size: { minified: code.length, gzip: gzipSync(code).length, packages }, built };
}
