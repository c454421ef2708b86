import { rmSync, writeFileSync } from "node:fs";

import { StartError } from "./start-error.ts";
import type { Vars } from "./vars.ts";

/** Writes vars for `wrangler dev --env-file`, for the owner's eyes only. Returns how to remove them. */
export function writeVarsFile(file: string, vars: Vars): () => void {
  const remove = () => rmSync(file, { force: true });
  const text = Object.entries(vars).map(([name, value]) => `${name}=${quoted(name, value)}\n`);
  // The mode counts only for a new file; one left by a crash may have another.
  remove();
  writeFileSync(file, text.join(""), { mode: 0o600, flag: "wx" });
  return remove;
}

/** As wrangler reads it: quotes have no escapes, `$` names another variable, and `\$` is read twice. */
function quoted(name: string, value: string): string {
  const quote = ["'", "`"].find((candidate) => !value.includes(candidate));
  if (!quote || value.endsWith("\\") || value.includes(String.raw`\$`)) {
    throw new StartError(
      `${name} cannot be passed on to wrangler: it has a backslash before $ or at its end, or both ' and \` in it. Choose another value.`,
    );
  }
  return `${quote}${value.replaceAll("$", String.raw`\$`)}${quote}`;
}
