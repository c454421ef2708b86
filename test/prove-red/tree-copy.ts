import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import type { Guard } from "../security/security-case.ts";
import { applyEdits } from "./apply-edits.ts";

/** What a guard's edits make of the files that they touch. */
export type ChangedFiles = ReadonlyMap<string, string>;

/** Reads a tree's files and makes a guard's edits in memory. Throws when one does not fit. */
export function changedFiles(root: string, guard: Guard): ChangedFiles {
  const files = Map.groupBy(guard, ({ file }) => file);
  return new Map(
    Array.from(files, ([file, edits]) => {
      return [file, applyEdits(readFileSync(join(root, file), "utf8"), edits)];
    }),
  );
}

/** A copy of the project in which guards can be switched off without touching the project. */
export class TreeCopy {
  readonly folder: string;

  /** Copies what git keeps or would keep, and links what is installed. */
  constructor(root: string, folder: string) {
    this.folder = folder;
    const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    const names = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\0");
    for (const name of names) {
      if (name === "" || !existsSync(join(root, name))) continue;
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      copyFileSync(join(root, name), join(folder, name));
    }
    linkFolder(join(root, "node_modules"), join(folder, "node_modules"));
  }

  /** Does something while files differ, and puts them back. */
  async with<Result>(files: ChangedFiles, act: () => Promise<Result>): Promise<Result> {
    const before = Array.from(files.keys(), (name): [string, string] => {
      return [name, readFileSync(join(this.folder, name), "utf8")];
    });
    try {
      for (const [name, text] of files) this.#replace(name, text);
      return await act();
    } finally {
      for (const [name, text] of before) this.#replace(name, text);
    }
  }

  /** A new file in the old one's place: below `node_modules` the old one is the project's own. */
  #replace(name: string, text: string): void {
    const path = join(this.folder, name);
    rmSync(path);
    writeFileSync(path, text);
  }
}

/**
 * Hard links, since bundlers follow symbolic ones back to the project. Caches, which are written in
 * place, stay behind.
 */
function linkFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (!entry.isDirectory()) linkFile(source, target);
    else if (!isCache(entry.name)) linkFolder(source, target);
  }
}

const isCache = (name: string) => /^\.(cache|vite|vitest|wrangler|mf)/.test(name);

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    copyFileSync(source, target);
  }
}
