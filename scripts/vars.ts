import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

import { StartError } from "./start-error.ts";

export type Vars = Record<string, string>;

/** What the person wrote in .dev.vars; nothing, when there is no such file. */
export function readVars(file: string): Vars {
  try {
    return parseEnv(readFileSync(file, "utf8")) as Vars;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return {};
    throw new StartError(`.dev.vars cannot be read: ${message}`);
  }
}

/** Wrangler gives a local Worker only what wrangler.jsonc names, and leaves the rest out in silence. */
export function refuseFormerSecrets(vars: Vars): void {
  if (!vars.PREVIOUS_SERVER_SECRETS) return;
  throw new StartError(
    ".dev.vars has PREVIOUS_SERVER_SECRETS, which reaches deployments only. Remove it, and keep the former SERVER_SECRET here or sign in again.",
  );
}

/** Real GitHub needs both credentials; the emulator stands in when there are none. */
export function usesRealGitHub(vars: Vars): boolean {
  const missing = ["GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"].filter((name) => !vars[name]);
  if (missing.length === 0) return true;
  if (missing.length === 2 && !vars.GITHUB_URL) return false;
  throw new StartError(
    `.dev.vars is incomplete: ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} missing. Add what is missing to use the real GitHub, or remove GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET and GITHUB_URL to use the local one.`,
  );
}
