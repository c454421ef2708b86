import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { TestServer } from "./server.ts";

type Row = Record<string, unknown>;

/** Opens a database that workerd may be putting aside at this very moment. */
function open(file: string): DatabaseSync {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return new DatabaseSync(file, { readOnly: true, timeout: 5000 });
    } catch (error) {
      if (attempt === 10) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

function read<Result>(file: string, query: (database: DatabaseSync) => Result): Result {
  const database = open(file);
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
