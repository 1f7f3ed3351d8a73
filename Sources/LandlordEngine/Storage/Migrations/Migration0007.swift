extension Migration {
    /// What operators have said about new runs of workflows; the last line of a workflow holds.
    static let seventh = Migration(
        number: 7, name: "admissions of workflows",
        sql: """
            CREATE TABLE workflow_admissions (
                workflow_id TEXT NOT NULL,
                line INTEGER NOT NULL CHECK (line >= 1),
                verb TEXT NOT NULL CHECK (verb IN ('drain', 'open')),
                actor TEXT NOT NULL,
                reason TEXT NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (workflow_id, line)
            ) STRICT, WITHOUT ROWID;
            """)
}
