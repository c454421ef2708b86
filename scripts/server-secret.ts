import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const BYTES = 32;

/** Made once and kept, because sessions and sealed tokens of the last run depend on it. */
export function serverSecret(stateDir: string): string {
  const file = join(stateDir, "server-secret");
  try {
    const kept = readFileSync(file, "utf8").trim();
    if (kept.length >= BYTES) return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const secret = randomBytes(BYTES).toString("hex");
  writeFileSync(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}
