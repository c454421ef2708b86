import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import type { TestServer } from "./server.ts";

type Row = Record<string, unknown>;

function read<Result>(file: string, query: (database: DatabaseSync) => Result): Result {
  const database = new DatabaseSync(file, { readOnly: true });
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
      tablesOf(database).flatMap(
        (name) => database.prepare(`SELECT * FROM "${name}"`).all() as Row[],
      ),
    ),
  );
  return rows
    .flatMap((row) => Object.values(row))
    .map((value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : String(value),
    )
    .join("\n");
}
