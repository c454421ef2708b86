import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { type PackageSize, sizesByPackage } from "./bundle-by-package.ts";
import { type Column, markdownTable } from "./table.ts";
import { build } from "./workers/build.ts";
import { type ComparedWorker, configOf, OURS } from "./workers/configs.ts";

const SHOWN_PACKAGES = 20;

interface BundleSize {
  readonly name: string;
  readonly minified: number;
  readonly gzip: number;
  readonly packages: readonly PackageSize[];
}

async function sizeOf(name: string, config: string, outdir: string): Promise<BundleSize> {
  const { entry, metafile } = await build({ config, outdir });
  const code = await readFile(entry);
  const packages = sizesByPackage(metafile);
  return { name, minified: code.length, gzip: gzipSync(code).length, packages };
}

async function comparedSize(
  name: string,
  worker: ComparedWorker,
  folder: string,
): Promise<BundleSize> {
  const config = await configOf(worker, join(folder, worker));
  return sizeOf(name, config, join(folder, worker, "minified"));
}

const kib = (bytes: number | undefined) =>
  bytes === undefined ? "" : (bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0);

function tableOf([first, ...others]: readonly [BundleSize, ...BundleSize[]]): string {
  const all = [first, ...others];
  const columns: Column[] = [
    { title: "KiB", align: "left" },
    ...all.map(({ name }): Column => ({ title: name, align: "right" })),
  ];
  const totals = [
    ["**minified**", ...all.map(({ minified }) => kib(minified))],
    ["**minified, gzip**", ...all.map(({ gzip }) => kib(gzip))],
  ];
  const byPackage = first.packages.slice(0, SHOWN_PACKAGES).map(({ name }) => {
    const sizes = all.map(({ packages }) => packages.find((one) => one.name === name)?.bytes);
    return [name, ...sizes.map(kib)];
  });
  return markdownTable(columns, [...totals, ...byPackage]);
}

/** Our bundle by package, beside what the libraries weigh on their own. */
export async function bundleTable(folder: string): Promise<string> {
  const ours = sizeOf("ours", OURS, join(folder, "ours-minified"));
  const stateless = comparedSize("stock, stateless", "stock-stateless", folder);
  const session = comparedSize("stock, session and SSE", "stock-session", folder);
  return tableOf(await Promise.all([ours, stateless, session]));
}
