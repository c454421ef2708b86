import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { TestStack } from "../stack.ts";

/** All access tokens are over, as if their time had come: the rows that the OAuth library keeps of them are gone. */
export function forgetAccessTokens({ stateDir }: Pick<TestStack, "stateDir">): void {
  let forgotten = 0;
  for (const file of globSync(join(stateDir, "*", "kv", "*KVNamespaceObject", "*.sqlite"))) {
    if (file.endsWith("metadata.sqlite")) continue;
    const database = new DatabaseSync(file, { timeout: 5000 });
    const gone = database.prepare("DELETE FROM _mf_entries WHERE key LIKE 'token:%'").run();
    forgotten += Number(gone.changes);
    database.close();
  }
  if (forgotten === 0) throw new Error("No access token was found.");
}
