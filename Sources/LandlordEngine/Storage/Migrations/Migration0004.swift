extension Migration {
    /// What control, workers, child runs, signals and named limits need of runs and their tasks; and the order in which
    /// ready tenants are compared with what runs.
    static let fourth = Migration(
        number: 4, name: "runs: control, child runs, workers, signals, semaphores",
        sql: [runs, tasks, signals, semaphores, readyTenants].joined(separator: "\n"))

    /// The key of a task of another run is the parent of a run that was started by that task.
    private static let runs = """
        ALTER TABLE workflow_runs ADD COLUMN control TEXT CHECK (control IN ('suspended', 'compensating'));
        ALTER TABLE workflow_runs ADD COLUMN parent INTEGER;
        CREATE INDEX workflow_runs_parent ON workflow_runs (parent) WHERE parent IS NOT NULL;
        """

    /// A task that somebody outside answers has its token in an index; tasks of the engine's own need none.
    private static let tasks = """
        ALTER TABLE workflow_tasks ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE workflow_tasks ADD COLUMN semaphore TEXT;
        ALTER TABLE workflow_tasks ADD COLUMN is_admitted INTEGER NOT NULL DEFAULT 0 CHECK (is_admitted IN (0, 1));
        ALTER TABLE workflow_tasks ADD COLUMN activity TEXT;
        ALTER TABLE workflow_tasks ADD COLUMN is_external INTEGER NOT NULL DEFAULT 0 CHECK (is_external IN (0, 1));
        ALTER TABLE workflow_tasks ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE workflow_tasks ADD COLUMN lease_seconds INTEGER;
        ALTER TABLE workflow_tasks ADD COLUMN lease_until INTEGER;
        ALTER TABLE workflow_tasks ADD COLUMN worker TEXT;
        UPDATE workflow_tasks SET is_external = 1 WHERE token IS NOT NULL AND resource NOT LIKE 'landlord:compute:%';
        CREATE INDEX workflow_tasks_activity ON workflow_tasks (activity, priority DESC, id) WHERE activity IS NOT NULL;
        CREATE INDEX workflow_tasks_token ON workflow_tasks (token) WHERE is_external = 1;
        CREATE INDEX workflow_tasks_semaphore ON workflow_tasks (semaphore, is_admitted, priority DESC, id)
            WHERE semaphore IS NOT NULL;
        """

    private static let signals = """
        CREATE TABLE workflow_signals (
            id INTEGER NOT NULL PRIMARY KEY,
            run INTEGER NOT NULL,
            name TEXT NOT NULL,
            correlation TEXT,
            key TEXT NOT NULL,
            payload TEXT NOT NULL,
            sender TEXT NOT NULL,
            sent_at INTEGER NOT NULL,
            task INTEGER,
            taken_at INTEGER,
            UNIQUE (run, key)
        ) STRICT;
        CREATE INDEX workflow_signals_waiting ON workflow_signals (run, name, id) WHERE task IS NULL;
        """

    /// Comparisons go round by identifier: their times would have to be written to be an order.
    private static let readyTenants = """
        DROP INDEX tenants_drift;
        CREATE INDEX tenants_ready ON tenants (id) WHERE status = 'ready';
        """

    private static let semaphores = """
        CREATE TABLE workflow_semaphores (
            name TEXT NOT NULL PRIMARY KEY,
            capacity INTEGER NOT NULL CHECK (capacity BETWEEN 0 AND 1000000),
            updated_at INTEGER NOT NULL,
            updated_by TEXT NOT NULL
        ) STRICT;
        """
}
