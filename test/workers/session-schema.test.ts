import { DatabaseSync } from "node:sqlite";

import { afterAll, beforeAll, expect, it } from "vitest";

import { openSession } from "../support/rpc.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { openDatabases } from "../support/session-storage.ts";
import { signIn } from "../support/sign-in.ts";

let ours: TestServer;
let bare: TestServer;
beforeAll(async () => {
  ours = await startServer();
  bare = await startServer({ main: "test/support/entries/bare-agent.ts" });
});
afterAll(() => Promise.all([ours.close(), bare.close()]));

/**
 * The tables of the one object that there is, and which versions the library takes them for. How a
 * table keeps its rows shows nowhere, but in the row ids that the library does not use.
 */
function schemaIn(server: TestServer): unknown[] {
  const [file] = openDatabases(server);
  if (file === undefined) throw new Error("No object keeps anything.");
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  const tables = database
    .prepare(
      "SELECT name, replace(sql, ' WITHOUT ROWID', '') AS sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all();
  const versions = database
    .prepare("SELECT key, hex(value) FROM _cf_KV WHERE key LIKE 'cf_agents:%' ORDER BY key")
    .all();
  database.close();
  return [...tables, ...versions];
}

it("makes the very tables that the Agents library would make, when a session opens", async () => {
  const { access_token: token } = await signIn(ours, "octocat");

  await openSession(ours, token);
  await (await fetch(bare.url)).text();

  expect(schemaIn(ours)).toEqual(schemaIn(bare));
});
