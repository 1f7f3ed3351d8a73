extension Migration {
    /// Which tasks wait for nothing but their token, so that what they ask for is not done again.
    static let ninth = Migration(
        number: 9, name: "calls that were made",
        sql: """
            ALTER TABLE workflow_tasks ADD COLUMN is_submitted INTEGER NOT NULL DEFAULT 0
                CHECK (is_submitted = 0 OR is_submitted = 1);
            """)
}
