/** The version of each part, as the library writes it down after it has made its tables. */
const VERSIONS: Readonly<Record<string, number>> = {
  "cf_agents:schema_version": 14,
  "cf_agents:mcp_schema_version": 1,
  "cf_agents:queue_schema_version": 1,
  "cf_agents:schedules_schema_version": 2,
  "cf_agents:state_schema_version": 1,
  "cf_agents:tasks_schema_version": 1,
};

const TABLES = `
CREATE TABLE cf_agents_mcp_servers (
      id TEXT PRIMARY KEY NOT NULL,
      name TEXT NOT NULL,
      server_url TEXT NOT NULL,
      callback_url TEXT NOT NULL,
      client_id TEXT,
      auth_url TEXT,
      server_options TEXT
    ) WITHOUT ROWID;
CREATE TABLE cf_agents_workflows (
          id TEXT PRIMARY KEY NOT NULL,
          workflow_id TEXT NOT NULL UNIQUE,
          workflow_name TEXT NOT NULL,
          status TEXT NOT NULL CHECK(status IN (
            'queued', 'running', 'paused', 'errored',
            'terminated', 'complete', 'waiting',
            'waitingForPause', 'unknown'
          )),
          metadata TEXT,
          error_name TEXT,
          error_message TEXT,
          created_at INTEGER NOT NULL DEFAULT (unixepoch()),
          updated_at INTEGER NOT NULL DEFAULT (unixepoch()),
          completed_at INTEGER
        ) WITHOUT ROWID;
CREATE TABLE cf_agents_runs (
          id TEXT PRIMARY KEY NOT NULL,
          name TEXT NOT NULL,
          snapshot TEXT,
          created_at INTEGER NOT NULL,
          completed_at INTEGER,
          outcome TEXT,
          error_message TEXT
        ) WITHOUT ROWID;
CREATE TABLE cf_agents_facet_runs (
          owner_path TEXT NOT NULL,
          owner_path_key TEXT NOT NULL,
          run_id TEXT NOT NULL,
          created_at INTEGER NOT NULL,
          PRIMARY KEY (owner_path_key, run_id)
        ) WITHOUT ROWID;
CREATE TABLE cf_agents_fibers (
          fiber_id TEXT PRIMARY KEY,
          idempotency_key TEXT UNIQUE,
          name TEXT NOT NULL,
          status TEXT NOT NULL,
          snapshot TEXT,
          metadata_json TEXT,
          error_message TEXT,
          created_at INTEGER NOT NULL,
          started_at INTEGER,
          completed_at INTEGER
        ) WITHOUT ROWID;
CREATE TABLE cf_agent_tool_runs (
          run_id TEXT PRIMARY KEY,
          parent_tool_call_id TEXT,
          agent_type TEXT NOT NULL,
          input_preview TEXT,
          input_redacted INTEGER NOT NULL DEFAULT 1,
          status TEXT NOT NULL,
          summary TEXT,
          output_json TEXT,
          error_message TEXT,
          interrupted_reason TEXT,
          child_still_running INTEGER,
          display_metadata TEXT,
          display_order INTEGER NOT NULL DEFAULT 0,
          started_at INTEGER NOT NULL,
          completed_at INTEGER
        , detached INTEGER NOT NULL DEFAULT 0, detached_on_finish TEXT, detached_notify_source TEXT, detached_max_budget_at INTEGER, finish_claimed_at INTEGER, finish_delivered_at INTEGER, give_up_claimed_at INTEGER, give_up_delivered_at INTEGER, detached_no_progress_budget_ms INTEGER, last_progress_at INTEGER, detached_on_milestones TEXT, event_delivery TEXT) WITHOUT ROWID;
CREATE TABLE cf_agents_state (
        id TEXT PRIMARY KEY NOT NULL,
        state TEXT
      ) WITHOUT ROWID;
CREATE TABLE cf_agents_task_runs (
        run_id TEXT PRIMARY KEY,
        definition TEXT NOT NULL,
        input TEXT,
        state TEXT NOT NULL CHECK (state IN (
          'pending', 'running', 'waiting',
          'completed', 'failed', 'cancelled'
        )),
        result TEXT,
        error_name TEXT,
        error_message TEXT,
        status_message TEXT,
        metadata TEXT,
        idempotency_key TEXT UNIQUE,
        retain INTEGER NOT NULL DEFAULT 1,
        attempt INTEGER NOT NULL DEFAULT 0,
        generation TEXT,
        next_at INTEGER,
        wait_reason TEXT,
        cancel_requested INTEGER NOT NULL DEFAULT 0,
        cancel_reason TEXT,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        updated_at INTEGER NOT NULL,
        settled_at INTEGER
      ) WITHOUT ROWID;
CREATE TABLE cf_agents_task_steps (
        run_id TEXT NOT NULL,
        step_name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('do', 'sleep')),
        state TEXT NOT NULL CHECK (state IN (
          'running', 'waiting', 'completed', 'failed'
        )),
        result TEXT,
        error_name TEXT,
        error_message TEXT,
        attempt INTEGER NOT NULL DEFAULT 0,
        next_at INTEGER,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        updated_at INTEGER NOT NULL,
        completed_at INTEGER,
        PRIMARY KEY (run_id, step_name)
      ) WITHOUT ROWID;
CREATE TABLE cf_agents_jobs (
        id TEXT PRIMARY KEY NOT NULL,
        capability TEXT NOT NULL,
        fn TEXT NOT NULL,
        time INTEGER NOT NULL,
        payload TEXT,
        retry_options TEXT,
        singleflight INTEGER NOT NULL DEFAULT 0,
        hung_timeout_seconds INTEGER,
        exclusive INTEGER NOT NULL DEFAULT 0,
        recovery_loop INTEGER NOT NULL DEFAULT 0,
        running INTEGER NOT NULL DEFAULT 0,
        execution_started_at INTEGER,
        created_at INTEGER NOT NULL DEFAULT (unixepoch())
      ) WITHOUT ROWID;
`;

/**
 * Makes the tables of the Agents library in an object's empty storage, all at once. The library
 * makes and alters them one by one, which is what opening a session takes longest for. It also makes
 * six indexes, which tables that stay empty do without, and keeps seven tables beside an index of
 * their keys, where here the key is the table (`WITHOUT ROWID`): 28 KiB of storage a session. A later
 * version of it brings them up to date, as it does in objects that it prepared itself.
 */
export function prepareAgentTables({ kv, sql }: DurableObjectStorage): void {
  if (kv.get("cf_agents:schema_version") !== undefined) return;
  sql.exec(TABLES);
  for (const [part, version] of Object.entries(VERSIONS)) kv.put(part, version);
}
