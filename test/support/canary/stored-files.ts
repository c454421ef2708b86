import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * What the runtime wrote for KV or for Durable Objects, file by file and byte for byte: databases,
 * writes that are not merged yet, deleted rows, and the values that KV keeps in files of their own.
 */
export function storedFiles(stateDir: string, kind: "kv" | "do"): Buffer[] {
  return globSync(join(stateDir, "*", kind, "**"))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path));
}
