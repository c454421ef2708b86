import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/**
 * Makes `dist`: few files, so that the bridge starts fast. What a plain start needs is put into them,
 * with the licences of whoever wrote it; what is loaded now and then stays a dependency.
 */
const root = fileURLToPath(new URL(".", import.meta.url));
const { dependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));

/** CommonJS packages ask for Node's own modules by `require`. */
const REQUIRE =
  'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);';

const { metafile, outputFiles } = await build({
  absWorkingDir: root,
  entryPoints: ["src/main.ts"],
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  // jsonc-parser's CommonJS asks for its parts in a way that no bundler follows.
  mainFields: ["module", "main"],
  target: "node20",
  external: Object.keys(dependencies),
  banner: { js: REQUIRE },
  metafile: true,
  write: false,
  logLevel: "warning",
});

/** The folders of the packages that were put in. */
function packagesIn(inputs) {
  const folders = Object.keys(inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(folders)].toSorted();
}

async function licenceOf(folder) {
  const place = join(root, folder);
  const { name, version, license } = JSON.parse(
    await readFile(join(place, "package.json"), "utf8"),
  );
  const file = (await readdir(place)).find((entry) => /^licen[cs]e/i.test(entry));
  if (file === undefined) throw new Error(`${name} has no licence file to pass on.`);
  return `${name} ${version} (${license})\n\n${await readFile(join(place, file), "utf8")}`;
}

const licences = await Promise.all(packagesIn(metafile.inputs).map(licenceOf));
const files = new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
files.set("LICENSES.txt", Buffer.from(licences.join(`\n${"-".repeat(80)}\n\n`)));

const dist = join(root, "dist");
await mkdir(dist, { recursive: true });
const found = await readdir(dist);
for (const name of found) if (!files.has(name)) await rm(join(dist, name), { recursive: true });
for (const [name, contents] of files) {
  const path = join(dist, name);
  // What is the same stays, so that a bridge which runs meanwhile misses nothing.
  if (found.includes(name) && (await readFile(path)).equals(contents)) continue;
  await writeFile(path, contents);
}
