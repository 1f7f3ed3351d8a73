extension Migration {
    /// Tenants, tracked executions, embedded workflow runs, callbacks and leases.
    ///
    /// Times are milliseconds since the epoch, JSON is text, Booleans are 0 and 1. Nothing is deleted by cascade: a
    /// tenant that is gone is a tombstone, and its history stays. Every list that a screen or command shows has an
    /// index in its order, newest first, so that a page costs the same at the end as at the beginning.
    static let first = Migration(
        number: 1, name: "tenants, executions, workflow runs, callbacks",
        sql: [tenantTables, computeTables, workflowTables, callbackTables, serviceTables].joined(separator: "\n"))

    /// What the engine has something to do for.
    ///
    /// A query names exactly this, or it does not find the index.
    static let attention = """
        (status IN ('requested', 'planning', 'provisioning', 'updating', 'archiving', 'deleting') \
        OR (status = 'ready' AND generation <> observed_generation))
        """

    private static let tenantTables = """
        CREATE TABLE tenants (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 63),
            status TEXT NOT NULL CHECK (status IN ('requested', 'planning', 'provisioning', 'ready', 'updating',
                'archiving', 'archived', 'deleting', 'deleted', 'failed')),
            status_message TEXT NOT NULL,
            status_since INTEGER NOT NULL,
            desired_config TEXT NOT NULL,
            desired_hash TEXT NOT NULL,
            observed_config TEXT,
            observed_hash TEXT,
            resource_ids TEXT NOT NULL,
            endpoints TEXT NOT NULL,
            labels TEXT NOT NULL,
            annotations TEXT NOT NULL,
            generation INTEGER NOT NULL CHECK (generation >= 1),
            observed_generation INTEGER NOT NULL CHECK (observed_generation >= 0),
            version INTEGER NOT NULL CHECK (version >= 1),
            provider TEXT NOT NULL,
            workflow_execution_id TEXT,
            workflow_operation TEXT CHECK (workflow_operation IN ('provision', 'update', 'delete')),
            workflow_generation INTEGER,
            workflow_config_hash TEXT,
            workflow_sub_state TEXT CHECK (workflow_sub_state IN ('running', 'waiting', 'backing-off', 'error',
                'succeeded', 'failed')),
            workflow_retry_count INTEGER,
            workflow_error_message TEXT,
            attempt_epoch INTEGER NOT NULL CHECK (attempt_epoch >= 0),
            retry_count INTEGER NOT NULL CHECK (retry_count >= 0),
            next_attempt_at INTEGER,
            failed_while TEXT CHECK (failed_while IN ('planning', 'archiving', 'deleting')),
            drift TEXT,
            drift_checked_at INTEGER,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX tenants_name ON tenants (name) WHERE status <> 'deleted';
        CREATE INDEX tenants_tombstones ON tenants (name, created_at) WHERE status = 'deleted';
        CREATE INDEX tenants_newest ON tenants (created_at, id) WHERE status <> 'deleted';
        CREATE INDEX tenants_updated ON tenants (updated_at, id) WHERE status <> 'deleted';
        CREATE INDEX tenants_since ON tenants (status_since, id) WHERE status <> 'deleted';
        CREATE INDEX tenants_status ON tenants (status, created_at, id);
        CREATE INDEX tenants_attention ON tenants (id) WHERE \(attention);
        CREATE INDEX tenants_backoff ON tenants (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
        CREATE INDEX tenants_drift ON tenants (coalesce(drift_checked_at, 0), id) WHERE status = 'ready';

        CREATE TABLE tenant_transitions (
            tenant_id TEXT NOT NULL REFERENCES tenants (id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            from_status TEXT CHECK (from_status IN ('requested', 'planning', 'provisioning', 'ready', 'updating',
                'archiving', 'archived', 'deleting', 'failed')),
            to_status TEXT NOT NULL CHECK (to_status IN ('requested', 'planning', 'provisioning', 'ready', 'updating',
                'archiving', 'archived', 'deleting', 'deleted', 'failed')),
            reason TEXT NOT NULL,
            triggered_by TEXT NOT NULL,
            desired_hash TEXT NOT NULL,
            observed_hash TEXT,
            desired_snapshot TEXT NOT NULL,
            observed_snapshot TEXT,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (tenant_id, sequence)
        ) STRICT, WITHOUT ROWID;
        """

    private static let computeTables = """
        CREATE TABLE compute_executions (
            id INTEGER NOT NULL PRIMARY KEY,
            execution_id TEXT NOT NULL UNIQUE,
            tenant_id TEXT NOT NULL REFERENCES tenants (id),
            workflow_execution_id TEXT,
            operation_type TEXT NOT NULL CHECK (operation_type IN ('provision', 'update', 'delete')),
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'cancelled',
                'timed_out')),
            tenant_name TEXT NOT NULL,
            provider TEXT NOT NULL,
            generation INTEGER NOT NULL,
            attempt_epoch INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            config TEXT NOT NULL,
            config_hash TEXT NOT NULL,
            task_token TEXT,
            progress TEXT,
            resource_ids TEXT NOT NULL,
            endpoints TEXT NOT NULL,
            changes TEXT NOT NULL,
            error_code TEXT,
            error_message TEXT,
            error_class TEXT CHECK (error_class IN ('retriable', 'permanent', 'manual_intervention')),
            provider_error TEXT,
            cancel_requested_at INTEGER,
            cancel_reason TEXT,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            ended_at INTEGER,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX compute_executions_newest ON compute_executions (created_at, execution_id);
        CREATE INDEX compute_executions_tenant ON compute_executions (tenant_id, created_at, execution_id);
        CREATE INDEX compute_executions_status ON compute_executions (status, created_at, execution_id);
        CREATE INDEX compute_executions_unfinished ON compute_executions (created_at, execution_id)
            WHERE status IN ('pending', 'running');
        CREATE INDEX compute_executions_unwanted ON compute_executions (cancel_requested_at)
            WHERE status IN ('pending', 'running') AND cancel_requested_at IS NOT NULL;

        CREATE TABLE compute_execution_history (
            compute_execution_id INTEGER NOT NULL REFERENCES compute_executions (id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'cancelled',
                'timed_out')),
            details TEXT NOT NULL,
            timestamp INTEGER NOT NULL,
            PRIMARY KEY (compute_execution_id, sequence)
        ) STRICT, WITHOUT ROWID;
        """

    private static let workflowTables = """
        CREATE TABLE workflow_definitions (
            workflow_id TEXT NOT NULL,
            version INTEGER NOT NULL CHECK (version >= 1),
            definition TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            provider TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            is_forgotten INTEGER NOT NULL CHECK (is_forgotten IN (0, 1)),
            PRIMARY KEY (workflow_id, version)
        ) STRICT;

        CREATE TABLE workflow_runs (
            run_id TEXT NOT NULL PRIMARY KEY,
            workflow_id TEXT NOT NULL,
            definition_version INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'timed_out',
                'cancelled')),
            sub_state TEXT NOT NULL CHECK (sub_state IN ('running', 'waiting', 'backing-off', 'error', 'succeeded',
                'failed')),
            current_state TEXT,
            retry_count INTEGER NOT NULL CHECK (retry_count >= 0),
            wake_at INTEGER,
            state TEXT NOT NULL,
            input TEXT NOT NULL,
            output TEXT,
            error_code TEXT,
            error_message TEXT,
            input_count INTEGER NOT NULL CHECK (input_count >= 1),
            input_head TEXT NOT NULL,
            event_count INTEGER NOT NULL CHECK (event_count >= 0),
            event_head TEXT NOT NULL,
            tenant_id TEXT REFERENCES tenants (id),
            trigger TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            ended_at INTEGER,
            FOREIGN KEY (workflow_id, definition_version) REFERENCES workflow_definitions (workflow_id, version)
        ) STRICT;
        CREATE INDEX workflow_runs_newest ON workflow_runs (created_at, run_id);
        CREATE INDEX workflow_runs_tenant ON workflow_runs (tenant_id, created_at, run_id);
        CREATE INDEX workflow_runs_status ON workflow_runs (status, created_at, run_id);

        CREATE TABLE workflow_inputs (
            run_id TEXT NOT NULL REFERENCES workflow_runs (run_id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            payload TEXT NOT NULL,
            at INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (run_id, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE workflow_events (
            run_id TEXT NOT NULL REFERENCES workflow_runs (run_id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            previous INTEGER NOT NULL,
            type TEXT NOT NULL,
            at INTEGER NOT NULL,
            details TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (run_id, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE workflow_tasks (
            run_id TEXT NOT NULL REFERENCES workflow_runs (run_id),
            task_id INTEGER NOT NULL,
            state_name TEXT NOT NULL,
            resource TEXT NOT NULL,
            parameters TEXT NOT NULL,
            token TEXT,
            token_hash TEXT,
            timeout_seconds INTEGER,
            heartbeat_seconds INTEGER,
            attempt INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('open', 'answered', 'cancelling', 'cancelled')),
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            PRIMARY KEY (run_id, task_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX workflow_tasks_open ON workflow_tasks (run_id, task_id) WHERE status IN ('open', 'cancelling');

        CREATE TABLE workflow_timers (
            run_id TEXT NOT NULL REFERENCES workflow_runs (run_id),
            timer_id INTEGER NOT NULL,
            fire_at INTEGER NOT NULL,
            PRIMARY KEY (run_id, timer_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX workflow_timers_due ON workflow_timers (fire_at, run_id, timer_id);
        """

    private static let callbackTables = """
        CREATE TABLE callbacks (
            id TEXT NOT NULL PRIMARY KEY,
            execution_id TEXT NOT NULL REFERENCES compute_executions (execution_id),
            tenant_id TEXT NOT NULL REFERENCES tenants (id),
            tenant_name TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('workflow', 'webhook')),
            destination TEXT NOT NULL,
            payload TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'delivering', 'delivered', 'dead', 'discarded')),
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            attempt_limit INTEGER NOT NULL CHECK (attempt_limit >= 0),
            next_attempt_at INTEGER NOT NULL,
            last_error TEXT,
            created_at INTEGER NOT NULL,
            last_attempt_at INTEGER
        ) STRICT;
        CREATE INDEX callbacks_newest ON callbacks (created_at, id);
        CREATE INDEX callbacks_status ON callbacks (status, created_at, id);
        CREATE INDEX callbacks_tenant ON callbacks (tenant_id, created_at, id);
        CREATE INDEX callbacks_execution ON callbacks (execution_id);
        CREATE INDEX callbacks_due ON callbacks (next_attempt_at, id) WHERE status = 'pending';

        CREATE TABLE callback_attempts (
            callback_id TEXT NOT NULL REFERENCES callbacks (id),
            attempt INTEGER NOT NULL CHECK (attempt >= 1),
            started_at INTEGER NOT NULL,
            ended_at INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'failed', 'refused')),
            status_code INTEGER,
            error TEXT,
            PRIMARY KEY (callback_id, attempt)
        ) STRICT, WITHOUT ROWID;
        """

    private static let serviceTables = """
        CREATE TABLE leases (
            name TEXT NOT NULL PRIMARY KEY,
            holder TEXT NOT NULL,
            epoch INTEGER NOT NULL CHECK (epoch >= 1),
            acquired_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            pid INTEGER NOT NULL,
            host TEXT NOT NULL,
            has_file INTEGER NOT NULL CHECK (has_file IN (0, 1))
        ) STRICT;

        CREATE TABLE process_records (
            tenant_id TEXT NOT NULL PRIMARY KEY,
            record TEXT NOT NULL
        ) STRICT;

        CREATE TABLE mock_resources (
            tenant_id TEXT NOT NULL PRIMARY KEY,
            record TEXT NOT NULL
        ) STRICT;
        """
}
