import { join } from "node:path";

import { type BundleSize, bundleSize } from "./bundle-size.ts";
import { startUpTimes } from "./bundle-start-up.ts";
import { median, medianRatio } from "./statistics.ts";
import { type Column, markdownTable } from "./table.ts";
import { type ComparedWorker, configOf, OURS } from "./workers/configs.ts";

const SHOWN_PACKAGES = 20;

interface NamedBundle extends BundleSize {
  readonly name: string;
  /** The bundled module. */
  readonly module: string;
}

/** Milliseconds of processor time, by bundle and round; undefined where they can't be seen. */
type StartUpTimes = readonly number[][] | undefined;

async function bundleOf(name: string, config: string, outdir: string): Promise<NamedBundle> {
  const { size, built } = await bundleSize(config, outdir);
  return { name, module: built.entry, ...size };
}

async function comparedBundle(
  name: string,
  worker: ComparedWorker,
  folder: string,
): Promise<NamedBundle> {
  const config = await configOf(worker, join(folder, worker));
  return bundleOf(name, config, join(folder, worker, "minified"));
}

const kib = (bytes: number | undefined) =>
  bytes === undefined ? "" : (bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0);

type Bundles = readonly [ours: NamedBundle, ...others: NamedBundle[]];

function tableOf(bundles: Bundles, times: StartUpTimes): string {
  const [ours] = bundles;
  const columns: Column[] = [
    { title: "KiB", align: "left" },
    ...bundles.map(({ name }): Column => ({ title: name, align: "right" })),
  ];
  const totals = [
    ["**minified**", ...bundles.map(({ minified }) => kib(minified))],
    ["**minified, gzip**", ...bundles.map(({ gzip }) => kib(gzip))],
  ];
  const startUp = times && [
    ["**start-up, CPU ms**", ...times.map((rounds) => median(rounds).toFixed(0))],
  ];
  const byPackage = ours.packages.slice(0, SHOWN_PACKAGES).map(({ name }) => {
    const sizes = bundles.map(({ packages }) => packages.find((one) => one.name === name)?.bytes);
    return [name, ...sizes.map(kib)];
  });
  return markdownTable(columns, [...totals, ...(startUp ?? []), ...byPackage]);
}

function startUpText([, ...others]: Bundles, times: StartUpTimes): string {
  if (!times) return "Start-up is not measured on this machine.";
  const [ours = [], ...stock] = times;
  const ratios = stock.map(
    (rounds, index) => `${medianRatio(ours, rounds).toFixed(2)} of ${others[index]?.name}`,
  );
  return `Start-up is the processor time that workerd takes to read, compile and evaluate the bundle, less what it takes with an empty Worker; medians of ${ours.length} starts each, in turn. Ours is ${ratios.join(", and ")}.`;
}

/** Our bundle by package and what it costs to start, beside the libraries on their own. */
export async function bundleTable(folder: string): Promise<string> {
  const bundles = await Promise.all([
    bundleOf("ours", OURS, join(folder, "ours-minified")),
    comparedBundle("stock, stateless", "stock-stateless", folder),
    comparedBundle("stock, session and SSE", "stock-session", folder),
  ]);
  const times = await startUpTimes(
    bundles.map(({ module }) => module),
    folder,
  );
  return `${tableOf(bundles, times)}\n\n${startUpText(bundles, times)}`;
}
