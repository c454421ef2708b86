import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const BUILD = fileURLToPath(new URL("../../cli/build.mjs", import.meta.url));

/** The bridge as it is published: half as long to start as its source. */
export const BRIDGE = fileURLToPath(new URL("../../cli/dist/main.js", import.meta.url));

/** Makes it what its source says. */
export async function buildBridge(): Promise<void> {
  await promisify(execFile)(process.execPath, [BUILD]);
}

/** Vitest calls this once before the tests of a project. */
export const setup = buildBridge;
