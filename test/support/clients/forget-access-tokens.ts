import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { TestStack } from "../stack.ts";

/**
 * All access tokens are over, as if their time had come: the rows that the OAuth library keeps of
 * them are gone, and so are the answers that hold them for whoever refreshes twice within a minute.
 */
export function forgetAccessTokens({ stateDir }: Pick<TestStack, "stateDir">): void {
  const tokens = "DELETE FROM _mf_entries WHERE key LIKE 'token:%'";
  const forgotten = inEach(join(stateDir, "*", "kv", "*KVNamespaceObject"), tokens);
  if (forgotten === 0) throw new Error("No access token was found.");
  inEach(join(stateDir, "*", "do", "*GrantObject"), "DELETE FROM answers");
}

/** Runs it in all databases of a folder, and returns how many rows it changed. */
function inEach(folder: string, sql: string): number {
  let changed = 0;
  for (const file of globSync(join(folder, "*.sqlite"))) {
    if (file.endsWith("metadata.sqlite")) continue;
    const database = new DatabaseSync(file, { timeout: 5000 });
    changed += Number(database.prepare(sql).run().changes);
    database.close();
  }
  return changed;
}
