package import LandlordDomain
package import StatesLanguage

/// Definitions, runs, their logs and what they wait for, in the database.
package struct DatabaseRunStore: RunStore {
    private static let select = "SELECT \(RunRow.columns) FROM workflow_runs"
    private static let selectTask = """
        SELECT \(RunWaitRow.taskColumns) FROM workflow_tasks
        JOIN workflow_runs ON workflow_runs.run_id = workflow_tasks.run_id
        """

    let database: Database

    /// Keeps runs in `database`.
    package init(_ database: Database) {
        self.database = database
    }

    /// Writes the beginning of a run in one transaction; where the run's name is known, changes nothing.
    package func begin(
        _ beginning: RunBeginning
    ) async throws(RepositoryError) -> (run: WorkflowRun, isNew: Bool) {
        // Digests and texts are made here, not on the writer's thread.
        let step = beginning.step
        let addition = try RunLog.Addition(step, to: beginning.id)
        let row =
            RunRow.fixedValues(beginning)
            + RunRow.changingValues(step, inputs: addition.inputs, events: addition.events)
        let run = RunRow.run(beginning, eventCount: addition.events.count)
        return try await database.write { transaction throws(RepositoryError) in
            guard try transaction.execute(RunRow.insert, row) == 1 else {
                guard let known = try Self.find(beginning.id, transaction) else { throw .stale }
                return (known, false)
            }
            try addition.write(transaction)
            try RunWaitRow.apply(step, to: beginning.id, transaction)
            transaction.publish(.run(id: beginning.id, tenantID: beginning.tenantID?.rawValue, input: 1))
            return (run, true)
        }
    }

    /// Reads a run, decides, and writes what was decided if the run has not moved meanwhile; otherwise again.
    package func advance(
        _ runID: String, _ decide: @escaping @Sendable (StoredRun, any DefinitionSource) throws -> RunStep?
    ) async throws(RepositoryError) -> RunStep? {
        for _ in 1..<Self.collisionLimit {
            do throws(RepositoryError) {
                return try await move(runID, decide)
            } catch .stale {
                continue
            }
        }
        return try await move(runID, decide)
    }

    /// How often an input is decided anew because another input of its run was faster; then the caller hears `.stale`.
    private static let collisionLimit = 16

    /// Decides outside of the transaction: parsing, stepping and hashing would keep every other write waiting.
    private func move(
        _ runID: String, _ decide: @escaping @Sendable (StoredRun, any DefinitionSource) throws -> RunStep?
    ) async throws(RepositoryError) -> RunStep? {
        let decided = try await database.read {
            reader throws(RepositoryError) -> (StoredRun, RunStep, RunLog.Addition)? in
            let row = try reader.first(
                "SELECT \(RunRow.movingColumns) FROM workflow_runs WHERE run_id = ?", [.text(runID)])
            guard let row else { throw .notFound }
            let run = try RunRow.stored(row)
            guard let step = try Self.decide(run, reader, decide) else { return nil }
            let addition = try RunLog.Addition(
                step, to: runID, behind: .init(count: run.inputCount, hash: try row.text("input_head")),
                .init(count: try row.count("event_count"), hash: try row.text("event_head")))
            return (run, step, addition)
        }
        guard let (run, step, addition) = decided else { return nil }
        let values =
            RunRow.changingValues(step, inputs: addition.inputs, events: addition.events)
            + [.text(runID), .integer(run.inputCount)]
        return try await database.write { transaction throws(RepositoryError) in
            guard try transaction.execute(RunRow.update, values) == 1 else { throw .stale }
            try addition.write(transaction)
            try RunWaitRow.apply(step, to: runID, transaction)
            transaction.publish(.run(id: runID, tenantID: run.tenantID?.rawValue, input: run.inputCount + 1))
            return step
        }
    }

    /// The run with this name.
    package func run(_ id: String) async throws(RepositoryError) -> WorkflowRun? {
        try await database.read { reader throws(RepositoryError) in try Self.find(id, reader) }
    }

    /// A window on the runs, newest first.
    package func page(_ query: WorkflowRunQuery) async throws(RepositoryError) -> Page<WorkflowRun> {
        let list = NewestFirstList(
            table: "workflow_runs", columns: RunRow.columns, id: "run_id", tenantID: query.tenantID?.rawValue,
            statuses: query.statuses.map(\.rawValue), after: try Paging.time(query.after), limit: query.limit)
        let runs = try await database.read { reader throws(RepositoryError) in try list.items(reader, RunRow.run) }
        return Paging.page(runs, limit: query.limit) { run in
            PageCursor(key: "\(run.createdAt.millisecondsSinceEpoch)", id: run.id)
        }
    }

    /// A window on a run's history, oldest first.
    package func history(
        of runID: String, after event: Int, limit: Int
    ) async throws(RepositoryError) -> [HistoryEvent] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT sequence, previous, type, at, details FROM workflow_events
                WHERE run_id = ? AND sequence > ? ORDER BY sequence LIMIT ?
                """,
                [.text(runID), .integer(event), .integer(PageLimit.clamped(limit))])
            var events: [HistoryEvent] = []
            for row in rows { events.append(try RunLog.event(row)) }
            return events
        }
    }

    /// The task that waits, or waited, with this token.
    package func task(of runID: String, tokenHash: String) async throws(RepositoryError) -> StoredTask? {
        try await task("workflow_tasks.run_id = ? AND token_hash = ?", [.text(runID), .text(tokenHash)])
    }

    /// The task with this number in its run.
    package func task(of runID: String, id: Int) async throws(RepositoryError) -> StoredTask? {
        try await task("workflow_tasks.run_id = ? AND task_id = ?", [.text(runID), .integer(id)])
    }

    /// Remembers that the operation behind a task was told to stop.
    package func confirmCancelled(runID: String, taskID: Int) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                """
                UPDATE workflow_tasks SET status = 'cancelled'
                WHERE run_id = ? AND task_id = ? AND status = 'cancelling'
                """,
                [.text(runID), .integer(taskID)])
        }
    }

    /// Tasks that are open or being cancelled, in the order of their runs.
    package func openTasks(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask> {
        let limit = PageLimit.clamped(limit)
        guard let number = Int(cursor?.id ?? "-1") else {
            throw .unusable("'\(cursor?.text ?? "")' is not a place in this list")
        }
        let tasks = try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                \(Self.selectTask) WHERE workflow_tasks.status IN ('open', 'cancelling')
                AND (workflow_tasks.run_id, task_id) > (?, ?) ORDER BY workflow_tasks.run_id, task_id LIMIT ?
                """,
                [.text(cursor?.key ?? ""), .integer(number), .integer(limit + 1)])
            var tasks: [StoredTask] = []
            for row in rows { tasks.append(try RunWaitRow.task(row)) }
            return tasks
        }
        return Paging.page(tasks, limit: limit) { PageCursor(key: $0.runID, id: "\($0.task.id)") }
    }

    /// Timers that are due, earliest first.
    package func dueTimers(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [StoredTimer] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT run_id, timer_id, fire_at FROM workflow_timers WHERE fire_at <= ?
                ORDER BY fire_at, run_id, timer_id LIMIT ?
                """,
                [.timestamp(now), .integer(PageLimit.clamped(limit))])
            var timers: [StoredTimer] = []
            for row in rows {
                timers.append(
                    StoredTimer(
                        runID: try row.text("run_id"), timerID: try row.count("timer_id"),
                        fireAt: try row.timestamp("fire_at")))
            }
            return timers
        }
    }

    /// When the next timer fires; nil where none is set.
    package func nextTimer() async throws(RepositoryError) -> Timestamp? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first("SELECT min(fire_at) AS next FROM workflow_timers")?.optionalTimestamp("next")
        }
    }

    private func task(_ condition: StaticString, _ arguments: [SQLValue]) async throws(RepositoryError) -> StoredTask? {
        let sql = "\(Self.selectTask) WHERE \(condition)"
        return try await database.read { reader throws(RepositoryError) in
            guard let row = try reader.first(sql, arguments) else { return nil }
            return try RunWaitRow.task(row)
        }
    }

    private static func find(_ id: String, _ reader: any SQLReader) throws(RepositoryError) -> WorkflowRun? {
        guard let row = try reader.first("\(select) WHERE run_id = ?", [.text(id)]) else { return nil }
        return try RunRow.run(row)
    }

    /// Asks for a decision; what it throws is about this run and not about the database.
    private static func decide(
        _ run: StoredRun, _ reader: any SQLReader,
        _ decide: @Sendable (StoredRun, any DefinitionSource) throws -> RunStep?
    ) throws(RepositoryError) -> RunStep? {
        do {
            return try decide(run, StoredDefinitions(reader: reader))
        } catch let error as RepositoryError {
            throw error
        } catch {
            throw .unusable("run \(run.id) cannot be moved: \(error)")
        }
    }
}
