import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import { errorCode } from "./error-code.ts";
import { isFields } from "./input.ts";
import type { IssuedToken } from "./tokens.ts";

/** What survives a restart. Repositories do not: they start from the seed each time. */
export interface SavedState {
  tokens: IssuedToken[];
  redirectOrigins: string[];
}

const NOTHING: SavedState = { tokens: [], redirectOrigins: [] };

export function loadState(file: string | undefined): SavedState {
  if (!file) return NOTHING;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return NOTHING;
    throw error;
  }
  try {
    const saved: unknown = JSON.parse(text);
    if (!isFields(saved) || !Array.isArray(saved.tokens)) throw new Error("not a saved state");
    const origins = Array.isArray(saved.redirectOrigins) ? saved.redirectOrigins : [];
    return {
      tokens: saved.tokens.filter(isIssuedToken),
      redirectOrigins: origins.filter((origin) => typeof origin === "string"),
    };
  } catch {
    process.emitWarning(`${file} is not a state of the GitHub emulator. It starts without tokens.`);
    return NOTHING;
  }
}

/** Written before the caller gets an answer, so that no token that was handed out is ever lost. */
export function saveState(file: string, state: SavedState): void {
  const draft = `${file}.${process.pid}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, JSON.stringify(state, null, 2), { mode: 0o600 });
  // The mode above counts only for a new file; a draft left by a crash may have another.
  chmodSync(draft, 0o600);
  renameSync(draft, file);
}

function isIssuedToken(value: unknown): value is IssuedToken {
  if (!isFields(value)) return false;
  const numbers = [value.id, value.userId, value.createdAt];
  const dates = [value.expiresAt, value.refreshExpiresAt];
  return (
    numbers.every((number) => typeof number === "number") &&
    dates.every((date) => date === null || typeof date === "number") &&
    typeof value.token === "string" &&
    typeof value.clientId === "string" &&
    (value.app === "oauth" || value.app === "github-app") &&
    Array.isArray(value.scopes) &&
    value.scopes.every((scope) => typeof scope === "string") &&
    (value.refreshToken === null || typeof value.refreshToken === "string")
  );
}
