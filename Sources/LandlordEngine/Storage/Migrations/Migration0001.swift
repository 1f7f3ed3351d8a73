extension Migration {
    /// Tenants, tracked executions, embedded workflow runs, callbacks and leases.
    ///
    /// Times are milliseconds since the epoch, JSON is text, Booleans are 0 and 1. Nothing is deleted by cascade: a tenant
    /// that is gone is a tombstone, and its history stays. Every list that a screen or command shows has an index in its
    /// order, newest first, so that a page costs the same at the end as at the beginning.
    static let first = Migration(
        number: 1, name: "tenants, executions, workflow runs, callbacks",
        sql: [tenantTables, computeTables, workflowTables, callbackTables, serviceTables].joined(separator: "\n"))

    private static let tenantTables = """
        CREATE TABLE tenants (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 63),
            status TEXT NOT NULL CHECK (status IN ('requested', 'planning', 'provisioning', 'ready', 'updating',
                'archiving', 'archived', 'deleting', 'deleted', 'failed')),
            status_message TEXT NOT NULL,
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
            workflow_sub_state TEXT CHECK (workflow_sub_state IN ('running', 'waiting', 'backing-off', 'error',
                'succeeded', 'failed')),
            workflow_retry_count INTEGER NOT NULL DEFAULT 0,
            workflow_error_message TEXT,
            workflow_config_hash TEXT,
            attempt_epoch INTEGER NOT NULL DEFAULT 0,
            retry_count INTEGER NOT NULL DEFAULT 0,
            next_attempt_at INTEGER,
            failed_from TEXT CHECK (failed_from IN ('requested', 'planning', 'provisioning', 'ready', 'updating',
                'archiving', 'archived', 'deleting')),
            drift_checked_at INTEGER,
            drift TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX tenants_name ON tenants (name) WHERE status <> 'deleted';
        CREATE INDEX tenants_newest ON tenants (created_at, id);
        CREATE INDEX tenants_status ON tenants (status, created_at, id);
        CREATE INDEX tenants_working ON tenants (next_attempt_at, id) WHERE status IN
            ('requested', 'planning', 'provisioning', 'updating', 'archiving', 'deleting');
        CREATE INDEX tenants_drift ON tenants (drift_checked_at, id) WHERE status = 'ready';

        CREATE TABLE tenant_transitions (
            tenant_id TEXT NOT NULL REFERENCES tenants (id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            from_status TEXT CHECK (from_status IN ('requested', 'planning', 'provisioning', 'ready', 'updating',
                'archiving', 'archived', 'deleting', 'failed')),
            to_status TEXT NOT NULL CHECK (to_status IN ('requested', 'planning', 'provisioning', 'ready', 'updating',
                'archiving', 'archived', 'deleting', 'deleted', 'failed')),
            reason TEXT NOT NULL,
            triggered_by TEXT NOT NULL,
            desired_snapshot TEXT,
            observed_snapshot TEXT,
            generation INTEGER NOT NULL,
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
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out')),
            provider TEXT NOT NULL,
            generation INTEGER NOT NULL,
            attempt_epoch INTEGER NOT NULL,
            spec TEXT,
            resource_ids TEXT NOT NULL,
            endpoints TEXT NOT NULL,
            error_code TEXT,
            error_message TEXT,
            error_class TEXT CHECK (error_class IN ('retriable', 'permanent', 'manual_intervention')),
            provider_error TEXT,
            task_token TEXT,
            cancel_requested_at INTEGER,
            cancel_reason TEXT,
            progress TEXT,
            retry_of TEXT,
            timeout_at INTEGER,
            version INTEGER NOT NULL CHECK (version >= 1),
            history_count INTEGER NOT NULL CHECK (history_count >= 1),
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            ended_at INTEGER,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX compute_executions_newest ON compute_executions (created_at, execution_id);
        CREATE INDEX compute_executions_tenant ON compute_executions (tenant_id, created_at, execution_id);
        CREATE INDEX compute_executions_status ON compute_executions (status, created_at, execution_id);

        CREATE TABLE compute_execution_history (
            compute_execution_id INTEGER NOT NULL REFERENCES compute_executions (id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out')),
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
            name TEXT NOT NULL,
            description TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (workflow_id, version),
            UNIQUE (workflow_id, sha256)
        ) STRICT;

        CREATE TABLE workflow_runs (
            run_id TEXT NOT NULL PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            workflow_id TEXT NOT NULL,
            definition_version INTEGER NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'succeeded', 'failed', 'timed_out', 'cancelled')),
            sub_state TEXT NOT NULL CHECK (sub_state IN ('running', 'waiting', 'backing-off', 'error', 'succeeded',
                'failed')),
            state TEXT NOT NULL,
            input TEXT NOT NULL,
            output TEXT,
            error TEXT,
            cause TEXT,
            input_count INTEGER NOT NULL,
            input_head TEXT NOT NULL,
            event_count INTEGER NOT NULL,
            event_head TEXT NOT NULL,
            wake_at INTEGER,
            tenant_id TEXT REFERENCES tenants (id),
            operation TEXT,
            trigger TEXT,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            ended_at INTEGER,
            FOREIGN KEY (workflow_id, definition_version) REFERENCES workflow_definitions (workflow_id, version)
        ) STRICT;
        CREATE INDEX workflow_runs_newest ON workflow_runs (created_at, run_id);
        CREATE INDEX workflow_runs_tenant ON workflow_runs (tenant_id, created_at, run_id) WHERE tenant_id IS NOT NULL;
        CREATE INDEX workflow_runs_open ON workflow_runs (created_at, run_id) WHERE ended_at IS NULL;

        CREATE TABLE workflow_inputs (
            run_id TEXT NOT NULL REFERENCES workflow_runs (run_id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            kind TEXT NOT NULL,
            payload TEXT NOT NULL,
            at INTEGER NOT NULL,
            seed INTEGER NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (run_id, sequence)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE workflow_events (
            run_id TEXT NOT NULL REFERENCES workflow_runs (run_id),
            sequence INTEGER NOT NULL CHECK (sequence >= 1),
            type TEXT NOT NULL,
            at INTEGER NOT NULL,
            previous INTEGER NOT NULL,
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
            token_hash TEXT UNIQUE,
            status TEXT NOT NULL CHECK (status IN ('ready', 'leased', 'waiting')),
            attempt INTEGER NOT NULL,
            lease_owner TEXT,
            lease_until INTEGER,
            ready_at INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (run_id, task_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX workflow_tasks_ready ON workflow_tasks (ready_at, run_id, task_id) WHERE status = 'ready';
        CREATE INDEX workflow_tasks_leased ON workflow_tasks (lease_until, run_id, task_id) WHERE status = 'leased';

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
            destination TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('task_token', 'webhook')),
            payload TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('pending', 'delivering', 'delivered', 'dead', 'discarded')),
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            max_attempts INTEGER NOT NULL CHECK (max_attempts >= 1),
            next_attempt_at INTEGER,
            last_error TEXT,
            last_status_code INTEGER,
            reason TEXT,
            version INTEGER NOT NULL CHECK (version >= 1),
            created_at INTEGER NOT NULL,
            first_attempt_at INTEGER,
            last_attempt_at INTEGER,
            delivered_at INTEGER,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX callbacks_newest ON callbacks (created_at, id);
        CREATE INDEX callbacks_status ON callbacks (status, created_at, id);
        CREATE INDEX callbacks_tenant ON callbacks (tenant_id, created_at, id);
        CREATE INDEX callbacks_execution ON callbacks (execution_id);
        CREATE INDEX callbacks_due ON callbacks (next_attempt_at, id) WHERE status IN ('pending', 'delivering');

        CREATE TABLE callback_attempts (
            callback_id TEXT NOT NULL REFERENCES callbacks (id),
            attempt INTEGER NOT NULL CHECK (attempt >= 1),
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            outcome TEXT NOT NULL,
            error TEXT,
            status_code INTEGER,
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
            host TEXT NOT NULL
        ) STRICT;

        CREATE TABLE process_records (
            record_id TEXT NOT NULL PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            record TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX process_records_tenant ON process_records (tenant_id, record_id);

        CREATE TABLE mock_resources (
            resource_id TEXT NOT NULL PRIMARY KEY,
            tenant_id TEXT NOT NULL,
            record TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX mock_resources_tenant ON mock_resources (tenant_id, resource_id);
        """
}
