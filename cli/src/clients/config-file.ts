import { randomBytes } from "node:crypto";
import {
  chmod,
  constants,
  copyFile,
  mkdir,
  readFile,
  realpath,
  rename,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";

import { BridgeError } from "../bridge-error.ts";

/** A client's configuration as it is on the disk. */
export interface ConfigFile {
  /** Where it really is: people keep such files elsewhere, behind a link. */
  readonly path: string;
  /** Undefined when there is none. */
  readonly text: string | undefined;
}

/** Not only a file that is not there, but a folder on the way to it. */
const ABSENT = new Set(["ENOENT", "ENOTDIR"]);

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown";
}

/** Throws `BridgeError` for a file that is there and cannot be read. */
export async function readConfig(path: string): Promise<ConfigFile> {
  try {
    const real = await realpath(path);
    return { path: real, text: await readFile(real, "utf8") };
  } catch (cause) {
    const code = codeOf(cause);
    if (ABSENT.has(code)) return { path, text: undefined };
    throw new BridgeError(`${path} cannot be read (${code}).`, {
      cause,
      advice: "Check whose file it is, and try again.",
    });
  }
}

/** Beside the file; it sorts by time, and no system objects to its name. */
function backupPath(path: string): string {
  return `${path}.${new Date().toISOString().replaceAll(":", "-")}.backup`;
}

/**
 * Writes a client's configuration in one step, with the rights that it had, or readable by its owner
 * alone. What was there is kept beside it; resolves with where. Throws `BridgeError`.
 */
export async function writeConfig(file: ConfigFile, text: string): Promise<string | undefined> {
  const { path } = file;
  const isNew = file.text === undefined;
  const backup = isNew ? undefined : backupPath(path);
  try {
    await mkdir(dirname(path), { recursive: true });
    if (backup !== undefined) await copyFile(path, backup, constants.COPYFILE_EXCL);
    const mode = isNew ? 0o600 : (await stat(path)).mode;
    const written = `${path}.${randomBytes(6).toString("hex")}`;
    await writeFile(written, text, { mode: 0o600, flag: "wx" });
    await chmod(written, mode);
    await rename(written, path);
    return backup;
  } catch (cause) {
    throw new BridgeError(`${path} cannot be written (${codeOf(cause)}).`, {
      cause,
      advice: "Nothing was changed. With --print, add what it shows by hand.",
    });
  }
}
