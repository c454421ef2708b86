import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { TestServer } from "./server.ts";

type Row = Record<string, unknown>;

const TRIES = 10;
const PAUSE_MS = 20;

/** Reads a database that workerd may be putting aside, or recovering, at this very moment. */
function read<Result>(file: string, query: (database: DatabaseSync) => Result): Result {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return readOnce(file, query);
    } catch (error) {
      if (attempt === TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

function readOnce<Result>(file: string, query: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    return query(database);
  } finally {
    database.close();
  }
}

function tablesOf(database: DatabaseSync): string[] {
  const rows = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")
    .all() as Row[];
  return rows.map(({ name }) => String(name));
}

function files({ stateDir }: Pick<TestServer, "stateDir">): string[] {
  const all = globSync(join(stateDir, "**/*SessionAgent/*.sqlite"));
  return all.filter((file) => !file.endsWith("metadata.sqlite")).toSorted();
}

/** The session objects that hold anything: workerd keeps an empty file of those that are gone. */
export function openDatabases(server: Pick<TestServer, "stateDir">): string[] {
  return files(server).filter((file) =>
    read(file, (database) => tablesOf(database).some((name) => !name.startsWith("_cf_METADATA"))),
  );
}

/** Everything that sessions keep on disk, as text. */
export function storedBytes(server: Pick<TestServer, "stateDir">): string {
  const rows = files(server).flatMap((file) =>
    read(file, (database) =>
      tablesOf(database).flatMap((name) => {
        const statement = database.prepare(`SELECT * FROM "${name}"`);
        // Times in nanoseconds are larger than a JavaScript number.
        statement.setReadBigInts(true);
        return statement.all();
      }),
    ),
  );
  return rows
    .flatMap((row) => Object.values(row))
    .map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value),
    )
    .join("\n");
}
