extension Migration {
    /// Runs under numbers, and one row for each input of a run with everything that followed from it.
    ///
    /// A run's rows lie together under one integer key (`RunKey`), so a step costs one insertion where it cost one for
    /// its input and one for each event, each under the run's whole name. Tasks that were answered, and timers that
    /// have fired, keep no row.
    static let third = Migration(
        number: 3, name: "runs: one chained row for each input, integer keys",
        sql: [moveAside, tables, copy, indexes].joined(separator: "\n"), convert: RunConversion.convert)

    private static let moveAside = """
        ALTER TABLE workflow_runs RENAME TO workflow_runs_before;
        ALTER TABLE workflow_inputs RENAME TO workflow_inputs_before;
        ALTER TABLE workflow_events RENAME TO workflow_events_before;
        ALTER TABLE workflow_tasks RENAME TO workflow_tasks_before;
        ALTER TABLE workflow_timers RENAME TO workflow_timers_before;
        """

    private static let tables = """
        CREATE TABLE workflow_runs (
            number INTEGER NOT NULL PRIMARY KEY,
            run_id TEXT NOT NULL UNIQUE,
            workflow_id TEXT NOT NULL,
            definition_version INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'timed_out',
                'cancelled')),
            sub_state TEXT NOT NULL CHECK (sub_state IN ('running', 'waiting', 'backing-off', 'error', 'succeeded',
                'failed')),
            current_state TEXT,
            retry_count INTEGER NOT NULL CHECK (retry_count >= 0),
            wake_at INTEGER,
            input_count INTEGER NOT NULL CHECK (input_count >= 1),
            event_count INTEGER NOT NULL CHECK (event_count >= 0),
            head BLOB NOT NULL CHECK (length(head) = 32),
            tenant_id TEXT REFERENCES tenants (id),
            trigger TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            ended_at INTEGER,
            error_code TEXT,
            error_message TEXT,
            output TEXT,
            state TEXT NOT NULL,
            FOREIGN KEY (workflow_id, definition_version) REFERENCES workflow_definitions (workflow_id, version)
        ) STRICT;

        CREATE TABLE workflow_events (
            id INTEGER NOT NULL PRIMARY KEY,
            at INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            last_event INTEGER NOT NULL CHECK (last_event >= 0),
            hash BLOB NOT NULL CHECK (length(hash) = 32),
            input TEXT NOT NULL,
            events TEXT NOT NULL
        ) STRICT;

        CREATE TABLE workflow_pieces (
            run INTEGER NOT NULL,
            key INTEGER NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (run, key)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE workflow_tasks (
            id INTEGER NOT NULL PRIMARY KEY,
            state_name TEXT NOT NULL,
            resource TEXT NOT NULL,
            token TEXT,
            timeout_seconds INTEGER,
            heartbeat_seconds INTEGER,
            attempt INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('open', 'cancelling')),
            created_at INTEGER NOT NULL,
            parameters TEXT NOT NULL
        ) STRICT;

        CREATE TABLE workflow_timers (
            id INTEGER NOT NULL PRIMARY KEY,
            fire_at INTEGER NOT NULL
        ) STRICT;
        """

    /// Everything but the logs, which are chained anew.
    private static let copy = """
        INSERT INTO workflow_runs (run_id, workflow_id, definition_version, status, sub_state, current_state,
            retry_count, wake_at, input_count, event_count, head, tenant_id, trigger, created_at, updated_at, ended_at,
            error_code, error_message, output, state)
        SELECT run_id, workflow_id, definition_version, status, sub_state, current_state, retry_count, wake_at,
            input_count, event_count, zeroblob(32), tenant_id, trigger, created_at, updated_at, ended_at, error_code,
            error_message, output, state
        FROM workflow_runs_before ORDER BY created_at, run_id;

        INSERT INTO workflow_tasks (id, state_name, resource, token, timeout_seconds, heartbeat_seconds, attempt,
            status, created_at, parameters)
        SELECT (number << 24) + task_id, state_name, resource, token, timeout_seconds, heartbeat_seconds, attempt,
            workflow_tasks_before.status, workflow_tasks_before.created_at, parameters
        FROM workflow_tasks_before JOIN workflow_runs USING (run_id)
        WHERE workflow_tasks_before.status IN ('open', 'cancelling');

        INSERT INTO workflow_timers (id, fire_at)
        SELECT (number << 24) + timer_id, fire_at FROM workflow_timers_before JOIN workflow_runs USING (run_id);
        """

    private static let indexes = """
        DROP INDEX workflow_runs_newest;
        DROP INDEX workflow_runs_tenant;
        DROP INDEX workflow_runs_status;
        DROP INDEX workflow_timers_due;
        CREATE INDEX workflow_runs_newest ON workflow_runs (created_at, run_id);
        CREATE INDEX workflow_runs_tenant ON workflow_runs (tenant_id, created_at, run_id);
        CREATE INDEX workflow_runs_status ON workflow_runs (status, created_at, run_id);
        CREATE INDEX workflow_timers_due ON workflow_timers (fire_at);
        """
}
