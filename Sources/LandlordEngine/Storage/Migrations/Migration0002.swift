extension Migration {
    /// Callbacks with lanes, causes and dates of their own, whole attempts, the audit, and bulk operations.
    ///
    /// The two tables of before are written anew, because a `CHECK` cannot be changed in place. A dead letter is found
    /// through two indexes that hold only dead ones: `callbacks_dead` carries everything a filter asks for, so that a
    /// list reads no row that it does not show, and `callbacks_causes` counts causes without reading any row.
    static let second = Migration(
        number: 2, name: "callbacks: webhooks, dead letters, bulk operations",
        sql: [moveAside, callbackTables, copyBack, callbackIndexes, auditTables].joined(separator: "\n"))

    private static let moveAside = """
        ALTER TABLE callback_attempts RENAME TO callback_attempts_before;
        ALTER TABLE callbacks RENAME TO callbacks_before;
        """

    private static let callbackTables = """
        CREATE TABLE callbacks (
            id TEXT NOT NULL PRIMARY KEY,
            execution_id TEXT NOT NULL REFERENCES compute_executions (execution_id),
            tenant_id TEXT NOT NULL REFERENCES tenants (id),
            tenant_name TEXT NOT NULL,
            operation_type TEXT NOT NULL CHECK (operation_type IN ('provision', 'update', 'delete')),
            kind TEXT NOT NULL CHECK (kind IN ('workflow', 'webhook')),
            lane TEXT NOT NULL,
            host TEXT NOT NULL,
            workflow_execution_id TEXT,
            status TEXT NOT NULL CHECK (status IN ('pending', 'delivering', 'delivered', 'dead', 'discarded')),
            attempts INTEGER NOT NULL CHECK (attempts >= 0),
            attempt_base INTEGER NOT NULL CHECK (attempt_base BETWEEN 0 AND attempts),
            attempt_limit INTEGER NOT NULL CHECK (attempt_limit >= 0),
            next_attempt_at INTEGER NOT NULL,
            error_code TEXT,
            error_status INTEGER,
            error_message TEXT,
            error_text TEXT,
            fingerprint TEXT,
            created_at INTEGER NOT NULL,
            waiting_since INTEGER NOT NULL,
            first_attempt_at INTEGER,
            last_attempt_at INTEGER,
            settled_at INTEGER,
            destination TEXT NOT NULL,
            payload TEXT NOT NULL,
            CHECK ((settled_at IS NULL) = (status IN ('pending', 'delivering')))
        ) STRICT;

        CREATE TABLE callback_attempts (
            callback_id TEXT NOT NULL REFERENCES callbacks (id),
            attempt INTEGER NOT NULL CHECK (attempt >= 1),
            started_at INTEGER NOT NULL,
            ended_at INTEGER NOT NULL,
            outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'failed', 'refused', 'interrupted')),
            status_code INTEGER,
            error_code TEXT,
            error TEXT,
            response_excerpt TEXT,
            PRIMARY KEY (callback_id, attempt)
        ) STRICT, WITHOUT ROWID;
        """

    /// What was delivered by an older program went to runs only, and its failures had no codes.
    private static let copyBack = """
        INSERT INTO callbacks (id, execution_id, tenant_id, tenant_name, operation_type, kind, lane, host,
            workflow_execution_id, status, attempts, attempt_base, attempt_limit, next_attempt_at, error_code,
            error_message, error_text, fingerprint, created_at, waiting_since, first_attempt_at, last_attempt_at,
            settled_at, destination, payload)
        SELECT id, execution_id, tenant_id, tenant_name,
            (SELECT operation_type FROM compute_executions WHERE execution_id = callbacks_before.execution_id), kind,
            'workflow:' || coalesce(json_extract(destination, '$.provider'), ''),
            coalesce(json_extract(destination, '$.provider'), ''), json_extract(destination, '$.execution_id'), status,
            attempts, 0, attempt_limit, next_attempt_at,
            CASE WHEN last_error IS NULL THEN NULL ELSE 'WORKFLOW_REFUSED' END,
            last_error, lower(last_error), CASE WHEN last_error IS NULL THEN NULL ELSE 'before' END, created_at,
            created_at, last_attempt_at, last_attempt_at,
            CASE WHEN status IN ('pending', 'delivering') THEN NULL ELSE coalesce(last_attempt_at, created_at) END,
            destination, payload
        FROM callbacks_before;
        INSERT INTO callback_attempts (callback_id, attempt, started_at, ended_at, outcome, status_code, error)
        SELECT callback_id, attempt, started_at, ended_at, outcome, status_code, error FROM callback_attempts_before;
        DROP TABLE callback_attempts_before;
        DROP TABLE callbacks_before;
        """

    private static let callbackIndexes = """
        CREATE INDEX callbacks_newest ON callbacks (created_at, id);
        CREATE INDEX callbacks_status ON callbacks (status, created_at, id);
        CREATE INDEX callbacks_tenant ON callbacks (tenant_id, created_at, id);
        CREATE INDEX callbacks_execution ON callbacks (execution_id);
        CREATE INDEX callbacks_due ON callbacks (lane, next_attempt_at, id) WHERE status = 'pending';
        CREATE INDEX callbacks_dead ON callbacks (created_at, id, tenant_id, tenant_name, operation_type, host,
            execution_id, workflow_execution_id, attempts, settled_at, fingerprint, error_code, error_text)
            WHERE status = 'dead';
        CREATE INDEX callbacks_causes ON callbacks (fingerprint, settled_at, id) WHERE status = 'dead';
        """

    private static let auditTables = """
        CREATE TABLE callback_operations (
            id TEXT NOT NULL PRIMARY KEY,
            verb TEXT NOT NULL CHECK (verb IN ('redrive', 'discard')),
            filter TEXT NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            retry_limit INTEGER CHECK (retry_limit >= 0),
            rate INTEGER CHECK (rate >= 1),
            is_canary INTEGER NOT NULL CHECK (is_canary IN (0, 1)),
            status TEXT NOT NULL CHECK (status IN ('running', 'paused', 'halted', 'done', 'abandoned')),
            total INTEGER NOT NULL CHECK (total >= 0),
            applied INTEGER NOT NULL CHECK (applied >= 0),
            skipped INTEGER NOT NULL CHECK (skipped >= 0),
            note TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            ended_at INTEGER,
            CHECK (applied + skipped <= total)
        ) STRICT;
        CREATE INDEX callback_operations_newest ON callback_operations (created_at, id);
        CREATE INDEX callback_operations_open ON callback_operations (created_at, id)
            WHERE status IN ('running', 'paused', 'halted');

        CREATE TABLE callback_operation_items (
            operation_id TEXT NOT NULL REFERENCES callback_operations (id),
            number INTEGER NOT NULL CHECK (number >= 1),
            callback_id TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('waiting', 'applied', 'skipped')),
            note TEXT NOT NULL,
            PRIMARY KEY (operation_id, number)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE callback_audit (
            id INTEGER NOT NULL PRIMARY KEY,
            callback_id TEXT NOT NULL,
            verb TEXT NOT NULL CHECK (verb IN ('redrive', 'discard')),
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            operation_id TEXT,
            created_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX callback_audit_callback ON callback_audit (callback_id, id);
        """
}
