public import LandlordDomain
public import StatesLanguage

/// Callbacks and the attempts to deliver them in the database.
public struct DatabaseCallbackRepository: CallbackRepository {
    private static let select = "SELECT \(CallbackRow.columns) FROM callbacks"

    private let database: Database

    /// Keeps callbacks in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// Pending callbacks that are due, longest due first.
    public func due(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [Callback] {
        try await database.read { reader throws(RepositoryError) in
            try CallbackRow.callbacks(
                try reader.query(
                    """
                    \(Self.select) INDEXED BY callbacks_due WHERE status = 'pending' AND next_attempt_at <= ?
                    ORDER BY next_attempt_at, id LIMIT ?
                    """,
                    [.timestamp(now), .integer(PageLimit.clamped(limit))]))
        }
    }

    /// When the next pending callback is due after `now`; nil where none waits.
    public func nextDue(after now: Timestamp) async throws(RepositoryError) -> Timestamp? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first(
                """
                SELECT next_attempt_at FROM callbacks INDEXED BY callbacks_due
                WHERE status = 'pending' AND next_attempt_at > ? ORDER BY next_attempt_at LIMIT 1
                """,
                [.timestamp(now)])?.timestamp("next_attempt_at")
        }
    }

    /// Writes a callback, and the attempt that was just made, if its stored status is still `status`.
    public func save(
        _ callback: Callback, from status: CallbackStatus, attempt: CallbackAttempt?
    ) async throws(RepositoryError) {
        let row: [SQLValue] =
            CallbackRow.changingValues(callback) + [.text(callback.id.rawValue), .text(status.rawValue)]
        try await database.write { transaction throws(RepositoryError) in
            guard try transaction.execute(CallbackRow.update, row) == 1 else { throw .stale }
            if let attempt {
                try transaction.execute(CallbackAttemptRow.insert, CallbackAttemptRow.values(attempt))
            }
            transaction.publish(.callback(id: callback.id.rawValue))
        }
    }

    /// Makes pending again what was being delivered when a process died.
    ///
    /// The receiver drops the duplicate.
    public func recoverInterrupted(at now: Timestamp) async throws(RepositoryError) -> Int {
        try await database.write { transaction throws(RepositoryError) in
            let rows = try transaction.query("SELECT id FROM callbacks WHERE status = 'delivering'")
            guard !rows.isEmpty else { return 0 }
            for row in rows { transaction.publish(.callback(id: try row.text("id"))) }
            return try transaction.execute(
                "UPDATE callbacks SET status = 'pending', next_attempt_at = ? WHERE status = 'delivering'",
                [.timestamp(now)])
        }
    }

    /// The callback with this identifier.
    public func callback(_ id: Callback.ID) async throws(RepositoryError) -> Callback? {
        try await database.read { reader throws(RepositoryError) in
            guard let row = try reader.first("\(Self.select) WHERE id = ?", [.text(id.rawValue)]) else { return nil }
            return try CallbackRow.callback(row)
        }
    }

    /// A window on the callbacks, newest first.
    public func page(_ query: CallbackQuery) async throws(RepositoryError) -> Page<Callback> {
        let list = NewestFirstList(
            table: "callbacks", columns: CallbackRow.columns, id: "id", tenantID: query.tenantID?.rawValue,
            statuses: query.statuses.map(\.rawValue), after: try Paging.time(query.after), limit: query.limit)
        let callbacks = try await database.read { reader throws(RepositoryError) in
            try list.items(reader, CallbackRow.callback)
        }
        return Paging.page(callbacks, limit: query.limit) { callback in
            PageCursor(key: "\(callback.createdAt.millisecondsSinceEpoch)", id: callback.id.rawValue)
        }
    }

    /// How many callbacks stand where.
    public func counts() async throws(RepositoryError) -> [CallbackStatus: Int] {
        try await database.read { reader throws(RepositoryError) in
            try Paging.counts(try reader.query("SELECT status, count(*) AS count FROM callbacks GROUP BY status"))
        }
    }

    /// The attempts to deliver a callback, oldest first, at most `PageLimit.largest`.
    public func attempts(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAttempt] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT attempt, started_at, ended_at, outcome, status_code, error FROM callback_attempts
                WHERE callback_id = ? ORDER BY attempt LIMIT ?
                """,
                [.text(id.rawValue), .integer(PageLimit.largest)])
            var attempts: [CallbackAttempt] = []
            for row in rows { attempts.append(try CallbackAttemptRow.attempt(row, of: id)) }
            return attempts
        }
    }
}
