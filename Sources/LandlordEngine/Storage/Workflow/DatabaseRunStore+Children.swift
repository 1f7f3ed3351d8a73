public import LandlordDomain

extension DatabaseRunStore {
    /// The open task of another run that started this one; nil where none waits.
    public func waitingParent(of runID: String) async throws(RepositoryError) -> StoredTask? {
        try await database.read { reader throws(RepositoryError) in
            let parent = try reader.first("SELECT parent FROM workflow_runs WHERE run_id = ?", [.text(runID)])
            guard let key = try parent?.optionalInteger("parent") else { return nil }
            return try reader.first(
                "\(RunWaits.selectTask) WHERE id = ? AND workflow_tasks.status = 'open'", [.integer(key)]
            ).map { row throws(RepositoryError) in try RunWaits.task(row) }
        }
    }

    /// A window on the open tasks that wait for the end of a run that has come, oldest run first.
    public func tasksWithEndedChildren(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask> {
        try await tasks(Self.tasksWithEndedChildren, after: cursor, limit: limit)
    }

    private static let tasksWithEndedChildren = """
        workflow_tasks.status = 'open' AND workflow_tasks.resource = 'landlord:workflow.sync'
            AND EXISTS (SELECT 1 FROM workflow_runs AS child
                WHERE child.parent = workflow_tasks.id AND child.ended_at IS NOT NULL)
        """

    /// The run that a task has started and waits for; nil where it has started none.
    public func child(of task: TaskReference) async throws(RepositoryError) -> WorkflowRun? {
        try await database.read { reader throws(RepositoryError) in
            guard let number = try Self.number(of: task.runID, reader) else { return nil }
            return try reader.first(
                "SELECT \(RunRow.columns) FROM workflow_runs WHERE parent = ?",
                [.integer(try RunKey(run: number, part: task.taskID).value)]
            ).map { row throws(RepositoryError) in try RunRow.run(row) }
        }
    }

    /// The runs that a run has started and that are not over, oldest first, at most `PageLimit.largest`.
    public func openChildren(of runID: String) async throws(RepositoryError) -> [WorkflowRun] {
        try await database.read { reader throws(RepositoryError) in
            guard let number = try Self.number(of: runID, reader) else { return [] }
            let rows = try reader.query(
                """
                SELECT \(RunRow.columns) FROM workflow_runs
                WHERE parent BETWEEN ? AND ? AND ended_at IS NULL ORDER BY number LIMIT ?
                """,
                RunKey.bounds(of: number) + [.integer(PageLimit.largest)])
            var runs: [WorkflowRun] = []
            for row in rows { runs.append(try RunRow.run(row)) }
            return runs
        }
    }

    /// How many runs stand above this one, each started by the one above it; at most `limit` are counted.
    public func depth(of runID: String, limit: Int) async throws(RepositoryError) -> Int {
        try await database.read { reader throws(RepositoryError) in
            var depth = 0
            var row = try reader.first("SELECT parent FROM workflow_runs WHERE run_id = ?", [.text(runID)])
            while depth < limit, let key = try row?.optionalInteger("parent") {
                depth += 1
                row = try reader.first(
                    "SELECT parent FROM workflow_runs WHERE number = ?", [.integer(RunKey(key).run)])
            }
            return depth
        }
    }

    /// The key of a task.
    ///
    /// - Throws: `.notFound` where there is no such run.
    static func key(of task: TaskReference, _ reader: any SQLReader) throws(RepositoryError) -> RunKey {
        guard let run = try number(of: task.runID, reader) else { throw .notFound }
        return try RunKey(run: run, part: task.taskID)
    }
}
