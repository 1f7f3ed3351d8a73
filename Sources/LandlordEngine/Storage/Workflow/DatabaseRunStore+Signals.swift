public import LandlordDomain
public import StatesLanguage

extension DatabaseRunStore {
    /// Keeps a signal for a run that is not over.
    ///
    /// - Returns: Whether it is new; one with a key that the run has got is that one.
    /// - Throws: `.notFound` where there is no such run, `.unusable` where it is over or too many wait.
    public func keep(
        _ signal: RunSignal, for runID: String, at now: Timestamp
    ) async throws(RepositoryError) -> Bool {
        try await database.write { transaction throws(RepositoryError) in
            let row = try transaction.first(
                "SELECT number, tenant_id, ended_at, input_count FROM workflow_runs WHERE run_id = ?", [.text(runID)])
            guard let row else { throw .notFound }
            let run = try row.integer("number")
            let known = try transaction.first(
                "SELECT id FROM workflow_signals WHERE run = ? AND key = ?", [.integer(run), .text(signal.key)])
            guard known == nil else { return false }
            guard try row.optionalTimestamp("ended_at") == nil else { throw .unusable("run '\(runID)' is over") }
            let waiting = try transaction.count(
                "SELECT count(*) FROM workflow_signals WHERE run = ? AND task IS NULL", [.integer(run)])
            guard waiting < RunSignal.waitingLimit else {
                throw .unusable("\(RunSignal.waitingLimit) signals wait for run '\(runID)', which is the most")
            }
            try transaction.execute(
                """
                INSERT INTO workflow_signals (run, name, correlation, key, payload, sender, sent_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .integer(run), .text(signal.name), .optional(signal.correlation), .text(signal.key),
                    .json(signal.payload), .text(signal.sender), .timestamp(now),
                ])
            let input = try row.count("input_count")
            transaction.publish(.run(id: runID, tenantID: try row.optionalText("tenant_id"), input: input))
            return true
        }
    }

    /// The oldest signal that a task may take: of the name, and with the correlation where the task asks for one.
    public func nextSignal(
        for runID: String, name: String, correlation: String?
    ) async throws(RepositoryError) -> StoredSignal? {
        try await database.read { reader throws(RepositoryError) in
            guard let run = try Self.number(of: runID, reader) else { return nil }
            return try reader.first(
                """
                SELECT \(Self.signalColumns) FROM workflow_signals
                WHERE run = ? AND name = ? AND task IS NULL AND (? IS NULL OR correlation = ?) ORDER BY id LIMIT 1
                """,
                [.integer(run), .text(name), .optional(correlation), .optional(correlation)]
            ).map { row throws(RepositoryError) in try Self.signal(row) }
        }
    }

    /// The signals that a run has got, oldest first, at most `PageLimit.largest`.
    public func signals(of runID: String) async throws(RepositoryError) -> [StoredSignal] {
        try await database.read { reader throws(RepositoryError) in
            guard let run = try Self.number(of: runID, reader) else { return [] }
            let rows = try reader.query(
                "SELECT \(Self.signalColumns) FROM workflow_signals WHERE run = ? ORDER BY id LIMIT ?",
                [.integer(run), .integer(PageLimit.largest)])
            var signals: [StoredSignal] = []
            for row in rows { signals.append(try Self.signal(row)) }
            return signals
        }
    }

    /// A window on the open tasks for which signals of their name wait, oldest run first.
    public func tasksWithSignals(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<StoredTask> {
        try await tasks(Self.tasksWithSignals, after: cursor, limit: limit)
    }

    /// Finds them from the signals, of which few wait, and not from the tasks, of which many may.
    ///
    /// The sign before `is_submitted` keeps SQLite from making an index on it for each question.
    static let tasksWithSignals = """
        workflow_tasks.status = 'open' AND id IN (
            SELECT waiting.id FROM workflow_signals
            JOIN workflow_tasks AS waiting ON waiting.id BETWEEN run << 24 AND (run << 24) + 16777215
                AND waiting.resource IN ('landlord:signal:' || workflow_signals.name,
                    'landlord:signal:' || workflow_signals.name || '.waitForTaskToken')
                AND +waiting.is_submitted = 0
            WHERE workflow_signals.task IS NULL)
        """

    private static let signalColumns = "id, name, correlation, key, payload, sender, sent_at, task"

    private static func signal(_ row: SQLRow) throws(RepositoryError) -> StoredSignal {
        StoredSignal(
            id: try row.integer("id"),
            signal: RunSignal(
                name: try row.text("name"), correlation: try row.optionalText("correlation"),
                key: try row.text("key"), payload: try row.json("payload"), sender: try row.text("sender")),
            sentAt: try row.timestamp("sent_at"), task: try row.optionalCount("task"))
    }
}
