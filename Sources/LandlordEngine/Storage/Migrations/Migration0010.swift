extension Migration {
    /// Workers look for tasks of their activity among those whose calls were not made, however many others there are.
    static let tenth = Migration(
        number: 10, name: "tasks that workers look for",
        sql: """
            DROP INDEX workflow_tasks_activity;
            CREATE INDEX workflow_tasks_activity ON workflow_tasks (activity, priority DESC, id)
                WHERE activity IS NOT NULL AND is_submitted = 0;
            """)
}
