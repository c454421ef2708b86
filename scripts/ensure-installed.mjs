import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

import { bin, root, run } from "./run-child.mjs";

const OLDEST_NODE = 20;

/** Makes node_modules what package-lock.json says. Returns false, having said why, when it cannot. */
export async function ensureInstalled() {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    return refuse(`Node.js ${OLDEST_NODE} or newer is needed; this is ${process.versions.node}.`);
  }
  const reason = whatIsMissing();
  if (!reason) return true;
  console.error(`Installing the packages of package-lock.json, because ${reason}.`);
  const options = { env: { ...process.env, PATH: pathWithoutOurs() } };
  const words = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { code, signal, error, asked } = await run("npm", words, options);
  if (error) return refuse(`npm cannot start (${error.message}). Install Node.js with npm.`);
  if (signal || asked) return refuse("The install was interrupted. The next start installs again.");
  if (code !== 0) {
    return refuse(
      `The install failed: npm ci ended with code ${code}, see above. Check the network, and that package-lock.json fits package.json, then try again.`,
    );
  }
  const stillMissing = whatIsMissing();
  if (!stillMissing) return true;
  return refuse(
    `The install is incomplete: ${stillMissing}. If npm is set to skip install scripts or optional packages, allow them here, then run npm ci.`,
  );
}

function whatIsMissing() {
  const wanted = packagesIn("package-lock.json");
  // npm removes its own copy of the lock file first and writes it last, so half an install has none.
  const installed = packagesIn(join("node_modules", ".package-lock.json"));
  if (!wanted) return undefined;
  if (!installed) return "node_modules is missing or incomplete";
  const differs = Object.entries(wanted).some(([path, entry]) => {
    if (path === "" || entry.link) return false;
    const found = installed[path];
    // Optional packages are for other operating systems too.
    if (!found) return !entry.optional && !entry.devOptional;
    if (found.version !== entry.version) return true;
    return Boolean(found.integrity && entry.integrity && found.integrity !== entry.integrity);
  });
  if (differs) return "node_modules differs from it";
  return existsSync(join(bin, "node")) ? undefined : "node_modules has no Node.js of its own";
}

function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(join(root, file), "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** npm must not run on the Node.js in node_modules, which it is about to remove. */
function pathWithoutOurs() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.filter((folder) => folder !== bin).join(delimiter);
}

function refuse(message) {
  console.error(message);
  return false;
}
