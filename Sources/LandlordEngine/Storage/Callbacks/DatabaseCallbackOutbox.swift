public import LandlordDomain
public import StatesLanguage

/// The outbox in the database.
public struct DatabaseCallbackOutbox: CallbackOutbox {
    /// How many rows one transaction moves, so that nobody else waits long for the writer.
    private static let batchLimit = 500

    private static let select = "SELECT \(CallbackRow.columns) FROM callbacks"

    private let database: Database

    /// Reads and writes the outbox of `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// The destinations that have something waiting, in the order of their names.
    ///
    /// The index leaps from one destination to the next, so it costs as much as there are destinations, whatever waits
    /// at them.
    public func demands(after lane: String?, limit: Int) async throws(RepositoryError) -> [LaneDemand] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                WITH RECURSIVE lanes (lane) AS (
                    SELECT (SELECT lane FROM callbacks INDEXED BY callbacks_due
                        WHERE status = 'pending' AND lane > ? ORDER BY lane LIMIT 1)
                    UNION ALL
                    SELECT (SELECT lane FROM callbacks INDEXED BY callbacks_due
                        WHERE status = 'pending' AND lane > lanes.lane ORDER BY lane LIMIT 1)
                    FROM lanes WHERE lanes.lane IS NOT NULL LIMIT ?
                )
                SELECT lane, (SELECT next_attempt_at FROM callbacks INDEXED BY callbacks_due
                    WHERE status = 'pending' AND lane = lanes.lane ORDER BY next_attempt_at LIMIT 1) AS next_attempt_at
                FROM lanes WHERE lane IS NOT NULL
                """,
                [.text(lane ?? ""), .integer(limit)])
            var demands: [LaneDemand] = []
            for row in rows {
                demands.append(
                    LaneDemand(lane: try row.text("lane"), nextAttemptAt: try row.timestamp("next_attempt_at")))
            }
            return demands
        }
    }

    /// Takes what is due from the outbox.
    public func claim(_ wishes: [LaneWish], at now: Timestamp) async throws(RepositoryError) -> [Callback] {
        try await database.write { transaction throws(RepositoryError) in
            var claimed: [Callback] = []
            for wish in wishes {
                let rows = try transaction.query(
                    """
                    \(Self.select) INDEXED BY callbacks_due
                    WHERE status = 'pending' AND lane = ? AND next_attempt_at <= ?
                    ORDER BY next_attempt_at, id LIMIT ?
                    """,
                    [.text(wish.lane), .timestamp(now), .integer(wish.count)])
                for row in rows { claimed.append(CallbackDelivery.beginning(try CallbackRow.callback(row), at: now)) }
            }
            for callback in claimed {
                try transaction.execute(
                    """
                    UPDATE callbacks SET status = ?, attempts = ?, first_attempt_at = ?, last_attempt_at = ?
                    WHERE id = ?
                    """,
                    [
                        .text(callback.status.rawValue), .integer(callback.attempts),
                        .optional(callback.firstAttemptAt), .optional(callback.lastAttemptAt),
                        .text(callback.id.rawValue),
                    ])
                transaction.publish(.callback(id: callback.id.rawValue))
            }
            return claimed
        }
    }

    /// Writes what came of an attempt.
    public func record(_ callback: Callback, _ attempt: CallbackAttempt) async throws(RepositoryError) {
        let row = CallbackRow.changingValues(callback) + [.text(callback.id.rawValue), "delivering"]
        let attemptRow = CallbackAttemptRow.values(attempt)
        try await database.write { transaction throws(RepositoryError) in
            guard try transaction.execute(CallbackRow.update, row) == 1 else { throw .stale }
            try transaction.execute(CallbackAttemptRow.insert, attemptRow)
            transaction.publish(.callback(id: callback.id.rawValue))
        }
    }

    /// Makes pending again what was being delivered when a process died.
    public func recoverInterrupted(at now: Timestamp) async throws(RepositoryError) -> Int {
        var count = 0
        while true {
            let moved = try await move("status = 'delivering'", [], from: .delivering) { callback in
                let next = CallbackDelivery.interrupted(callback, at: now)
                let outcome = next.failure.map { DeliveryOutcome.failed($0) } ?? .accepted
                return (next, CallbackAttempt(of: callback, DeliveryReport(outcome), at: now))
            }
            count += moved.count
            if moved.count < Self.batchLimit { return count }
        }
    }

    /// Makes dead what has waited for longer than `limit`.
    public func giveUp(waitingFor limit: Duration, at now: Timestamp) async throws(RepositoryError) -> [Callback] {
        let since = now.advanced(by: .zero - limit)
        return try await move(
            "status = 'pending' AND waiting_since <= ?", [.timestamp(since)], from: .pending
        ) { callback in (CallbackDelivery.gaveUp(callback, after: limit, at: now), nil) }
    }

    /// Removes what was delivered or discarded before then, with its attempts.
    public func prune(settledBefore limit: Timestamp) async throws(RepositoryError) -> Int {
        try await database.write { transaction throws(RepositoryError) in
            var count = 0
            for status in [CallbackStatus.delivered, .discarded] {
                let rows = try transaction.query(
                    """
                    SELECT id FROM callbacks INDEXED BY callbacks_status
                    WHERE status = ? AND created_at < ? AND settled_at < ? ORDER BY created_at, id LIMIT ?
                    """,
                    [
                        .text(status.rawValue), .timestamp(limit), .timestamp(limit),
                        .integer(Self.batchLimit - count),
                    ])
                for row in rows {
                    let id = try row.value("id")
                    try transaction.execute("DELETE FROM callback_attempts WHERE callback_id = ?", [id])
                    try transaction.execute("DELETE FROM callbacks WHERE id = ?", [id])
                    transaction.publish(.callback(id: try row.text("id")))
                }
                count += rows.count
            }
            return count
        }
    }

    private func move(
        _ condition: StaticString, _ arguments: [SQLValue], from status: CallbackStatus,
        _ next: @escaping @Sendable (Callback) -> (Callback, CallbackAttempt?)
    ) async throws(RepositoryError) -> [Callback] {
        try await database.write { transaction throws(RepositoryError) in
            let rows = try transaction.query(
                "\(Self.select) WHERE \(condition) ORDER BY created_at, id LIMIT ?",
                arguments + [.integer(Self.batchLimit)])
            var moved: [Callback] = []
            for callback in try CallbackRow.callbacks(rows) {
                let (after, attempt) = next(callback)
                try transaction.execute(
                    CallbackRow.update,
                    CallbackRow.changingValues(after) + [.text(after.id.rawValue), .text(status.rawValue)])
                if let attempt {
                    try transaction.execute(CallbackAttemptRow.insert, CallbackAttemptRow.values(attempt))
                }
                transaction.publish(.callback(id: after.id.rawValue))
                moved.append(after)
            }
            return moved
        }
    }
}
