extension Migration {
    /// Schedules and what was done with them.
    ///
    /// Histories outlive their schedules, and so name them by their names.
    static let sixth = Migration(
        number: 6, name: "schedules",
        sql: """
            CREATE TABLE schedules (
                name TEXT NOT NULL PRIMARY KEY,
                workflow_id TEXT NOT NULL,
                spec TEXT NOT NULL,
                pause_actor TEXT,
                pause_reason TEXT,
                planned_through INTEGER NOT NULL,
                next_at INTEGER,
                starting TEXT NOT NULL,
                waiting TEXT NOT NULL,
                last_run_id TEXT,
                started_count INTEGER NOT NULL CHECK (started_count >= 0),
                skipped_count INTEGER NOT NULL CHECK (skipped_count >= 0),
                created_at INTEGER NOT NULL,
                line_count INTEGER NOT NULL CHECK (line_count >= 1),
                version INTEGER NOT NULL CHECK (version >= 1),
                CHECK ((pause_actor IS NULL) = (pause_reason IS NULL)),
                CHECK (pause_actor IS NULL OR next_at IS NULL)
            ) STRICT;
            CREATE INDEX schedules_newest ON schedules (created_at, name);
            CREATE INDEX schedules_due ON schedules (next_at, name) WHERE next_at IS NOT NULL;
            CREATE INDEX schedules_starting ON schedules (name) WHERE starting <> '[]';
            CREATE INDEX schedules_waiting ON schedules (name) WHERE waiting <> '[]' AND pause_actor IS NULL;

            CREATE TABLE schedule_history (
                schedule TEXT NOT NULL,
                line INTEGER NOT NULL CHECK (line >= 1),
                kind TEXT NOT NULL CHECK (kind IN ('created', 'changed', 'paused', 'resumed', 'triggered', 'deleted',
                    'started', 'queued', 'skipped', 'missed', 'refused')),
                moment INTEGER,
                run_id TEXT,
                actor TEXT,
                reason TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (schedule, line)
            ) STRICT, WITHOUT ROWID;
            """)
}
