extension Migration {
    /// Requests for approval and what was done with them.
    static let fifth = Migration(
        number: 5, name: "approvals",
        sql: """
            CREATE TABLE approvals (
                id TEXT NOT NULL PRIMARY KEY,
                run_id TEXT NOT NULL,
                task_id INTEGER NOT NULL,
                tenant_id TEXT REFERENCES tenants (id),
                status TEXT NOT NULL CHECK (status IN ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
                request TEXT NOT NULL,
                votes TEXT NOT NULL,
                delegates TEXT NOT NULL,
                is_escalated INTEGER NOT NULL CHECK (is_escalated IN (0, 1)),
                is_answered INTEGER NOT NULL CHECK (is_answered IN (0, 1)),
                expires_at INTEGER,
                created_at INTEGER NOT NULL,
                decided_at INTEGER,
                version INTEGER NOT NULL CHECK (version >= 1)
            ) STRICT;
            CREATE INDEX approvals_newest ON approvals (created_at, id);
            CREATE INDEX approvals_status ON approvals (status, created_at, id);
            CREATE INDEX approvals_due ON approvals (expires_at, id) WHERE expires_at IS NOT NULL;
            CREATE INDEX approvals_unanswered ON approvals (created_at, id)
                WHERE is_answered = 0 AND status <> 'pending';

            CREATE TABLE approval_history (
                number INTEGER NOT NULL PRIMARY KEY,
                approval_id TEXT NOT NULL REFERENCES approvals (id),
                action TEXT NOT NULL CHECK (action IN ('requested', 'approved', 'rejected', 'delegated', 'escalated',
                    'expired', 'withdrawn')),
                actor TEXT NOT NULL,
                reason TEXT NOT NULL,
                at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX approval_history_of ON approval_history (approval_id, number);
            """)
}
