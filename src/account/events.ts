/** How many events a person's object keeps; older ones are forgotten. */
const KEPT_EVENTS = 200;

/** What happened in a person's name. Never what was asked or answered. */
export type AccountEvent = {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The client's name as the consent page showed it, also after the client is gone. Untrusted. */
  readonly client: string;
} & (
  | { readonly kind: "signed_in" | "disconnected" | "signed_out_by_github" }
  | {
      readonly kind: "tool_called";
      readonly tool: string;
      /** `ok`, `crashed`, or the code of the tool's error. */
      readonly outcome: string;
      readonly durationMs: number;
    }
);

type Row = {
  at: number;
  kind: AccountEvent["kind"];
  client: string;
  tool: string | null;
  outcome: string | null;
  duration_ms: number | null;
};

function toEvent({ at, kind, client, tool, outcome, duration_ms }: Row): AccountEvent {
  if (kind !== "tool_called") return { at, kind, client };
  return {
    at,
    kind,
    client,
    tool: tool ?? "",
    outcome: outcome ?? "",
    durationMs: duration_ms ?? 0,
  };
}

/** The last 200 things that were done in one person's name. */
export class Events {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(`CREATE TABLE IF NOT EXISTS events (
      id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind TEXT NOT NULL,
      client TEXT NOT NULL, tool TEXT, outcome TEXT, duration_ms INTEGER)`);
  }

  add(...events: readonly AccountEvent[]): void {
    for (const event of events) this.#insert(event);
    this.#sql.exec("DELETE FROM events WHERE id <= (SELECT max(id) FROM events) - ?", KEPT_EVENTS);
  }

  #insert(event: AccountEvent): void {
    const call = event.kind === "tool_called" ? event : undefined;
    this.#sql.exec(
      "INSERT INTO events (at, kind, client, tool, outcome, duration_ms) VALUES (?, ?, ?, ?, ?, ?)",
      event.at,
      event.kind,
      event.client,
      call?.tool ?? null,
      call?.outcome ?? null,
      call?.durationMs ?? null,
    );
  }

  /** Newest first. */
  all(): AccountEvent[] {
    return this.#sql
      .exec<Row>("SELECT * FROM events ORDER BY at DESC, id DESC")
      .toArray()
      .map((row) => toEvent(row));
  }
}
