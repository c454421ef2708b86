import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What the runtime wrote for KV or for Durable Objects, file by file and byte for byte: databases,
 * writes that are not merged yet, deleted rows, and the values that KV keeps in files of their own.
 */
export function storedFiles(stateDir: string, kind: "kv" | "do"): Buffer[] {
  const entries = globSync(join(stateDir, "*", kind, "**"), { withFileTypes: true });
  return entries.flatMap((entry) => {
    if (!entry.isFile()) return [];
    try {
      return [readFileSync(join(entry.parentPath, entry.name))];
    } catch (error) {
      // SQLite has merged what was here meanwhile, and an object that is put aside has no log of writes.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  });
}
