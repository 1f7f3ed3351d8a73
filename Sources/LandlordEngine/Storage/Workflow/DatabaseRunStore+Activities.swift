public import LandlordDomain
public import StatesLanguage

extension DatabaseRunStore {
    /// Hands out the task of an activity that has waited longest of those with the highest priority.
    ///
    /// A lease that has run out is taken over; one that ends later than a lease can was made before the clock went
    /// back, and is taken over too. A lease is as long as the heartbeat of the state at least, for until then nobody
    /// knows that the worker is gone.
    public func leaseTask(
        of activity: String, for worker: String, seconds: Int, at now: Timestamp
    ) async throws(RepositoryError) -> LeasedTask? {
        // Workers that ask in vain are many, and must not keep the writer.
        let isFree = try await database.read { reader throws(RepositoryError) in
            try Self.freeTask(of: activity, at: now, reader) != nil
        }
        guard isFree else { return nil }
        return try await database.write { transaction throws(RepositoryError) in
            guard let row = try Self.freeTask(of: activity, at: now, transaction) else { return nil }
            let lease = try row.count("lease") + 1
            let seconds = max(seconds, try row.optionalCount("heartbeat_seconds") ?? 0)
            let until = now.advanced(by: .seconds(seconds))
            try transaction.execute(
                """
                UPDATE workflow_tasks SET lease = ?, lease_seconds = ?, lease_until = ?, worker = ? WHERE id = ?
                """,
                [
                    .integer(lease), .integer(seconds), .timestamp(until), .text(worker),
                    .integer(try row.integer("id")),
                ])
            return LeasedTask(task: try RunWaits.task(row), lease: lease, until: until)
        }
    }

    private static func freeTask(
        of activity: String, at now: Timestamp, _ reader: any SQLReader
    ) throws(RepositoryError) -> SQLRow? {
        try reader.first(
            """
            \(RunWaits.selectTask)
            WHERE activity = ? AND workflow_tasks.status = 'open' AND is_submitted = 0
                AND (semaphore IS NULL OR is_admitted = 1)
                AND (lease_until IS NULL OR lease_until <= ? OR lease_until > ? + lease_seconds * 1000)
                AND (control IS NULL OR control <> 'suspended')
            ORDER BY priority DESC, id LIMIT 1
            """,
            [.text(activity), .timestamp(now), .timestamp(now)])
    }

    /// Makes a lease last as long again from now on.
    ///
    /// - Throws: `.notFound` where the task has gone to somebody else, was answered or was given up.
    public func renewLease(
        of task: TaskReference, number: Int, at now: Timestamp
    ) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            guard let run = try Self.number(of: task.runID, transaction) else { throw .notFound }
            let renewed = try transaction.execute(
                """
                UPDATE workflow_tasks SET lease_until = ? + lease_seconds * 1000
                WHERE id = ? AND lease = ? AND status = 'open' AND is_submitted = 0
                """,
                [.timestamp(now), .integer(try RunKey(run: run, part: task.taskID).value), .integer(number)])
            guard renewed == 1 else { throw .notFound }
        }
    }

    /// The open task that somebody outside answers with this token; nil where none waits for it any more.
    public func externalTask(token: String) async throws(RepositoryError) -> StoredTask? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first(
                "\(RunWaits.selectTask) WHERE token = ? AND is_external = 1 AND workflow_tasks.status = 'open'",
                [.text(token)]
            ).map { row throws(RepositoryError) in try RunWaits.task(row) }
        }
    }

    /// The activities that have tasks, by name.
    public func activities(at now: Timestamp) async throws(RepositoryError) -> [ActivitySummary] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT activity, sum(CASE WHEN lease_until > ? THEN 1 ELSE 0 END) AS taken, count(*) AS total,
                    min(CASE WHEN lease_until > ? THEN NULL ELSE created_at END) AS oldest
                FROM workflow_tasks WHERE activity IS NOT NULL AND status = 'open' AND is_submitted = 0
                GROUP BY activity ORDER BY activity
                """,
                [.timestamp(now), .timestamp(now)])
            var summaries: [ActivitySummary] = []
            for row in rows {
                let taken = try row.count("taken")
                summaries.append(
                    ActivitySummary(
                        name: try row.text("activity"), waitingCount: try row.count("total") - taken, takenCount: taken,
                        oldestWaitingSince: try row.optionalTimestamp("oldest")))
            }
            return summaries
        }
    }
}
