public import LandlordDomain
public import StatesLanguage

extension DatabaseRunStore {
    /// Gives the free places of a semaphore to the tasks that wait for one, by priority and then by age; not to those
    /// of suspended runs.
    ///
    /// A place is free again when the row of its task is gone, so that nothing that dies keeps one.
    ///
    /// - Returns: The tasks that have got a place, and whether others still wait.
    public func admit(
        to semaphore: String
    ) async throws(RepositoryError) -> (admitted: [StoredTask], isWaiting: Bool) {
        try await database.write { transaction throws(RepositoryError) in
            let capacity = try Self.capacity(of: semaphore, transaction)
            let held = try transaction.count(
                "SELECT count(*) FROM workflow_tasks WHERE semaphore = ? AND is_admitted = 1", [.text(semaphore)])
            let free = max(0, capacity - held)
            let rows = try transaction.query(
                """
                \(RunWaits.selectTask)
                WHERE semaphore = ? AND is_admitted = 0 AND workflow_tasks.status = 'open'
                    AND (control IS NULL OR control <> 'suspended')
                ORDER BY priority DESC, id LIMIT ?
                """,
                [.text(semaphore), .integer(min(free, PageLimit.largest) + 1)])
            var admitted: [StoredTask] = []
            for row in rows.prefix(free) {
                try transaction.execute(
                    "UPDATE workflow_tasks SET is_admitted = 1 WHERE id = ?", [.integer(try row.integer("id"))])
                admitted.append(try RunWaits.task(row))
            }
            if !admitted.isEmpty { transaction.publish(.workflowTask) }
            return (admitted, rows.count > admitted.count)
        }
    }

    /// Sets how many tasks may have a place at once.
    public func setCapacity(
        _ capacity: Int, of semaphore: String, by actor: String, at now: Timestamp
    ) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute(
                """
                INSERT INTO workflow_semaphores (name, capacity, updated_at, updated_by) VALUES (?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET capacity = excluded.capacity, updated_at = excluded.updated_at,
                    updated_by = excluded.updated_by
                """,
                [.text(semaphore), .integer(capacity), .timestamp(now), .text(actor)])
            transaction.publish(.workflowTask)
        }
    }

    /// The semaphores that were set or that tasks ask for, by name.
    public func semaphores() async throws(RepositoryError) -> [SemaphoreSummary] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT name, coalesce(sum(is_admitted), 0) AS held, count(id) - coalesce(sum(is_admitted), 0) AS waiting
                FROM (SELECT name FROM workflow_semaphores
                    UNION SELECT DISTINCT semaphore FROM workflow_tasks WHERE semaphore IS NOT NULL) AS names
                LEFT JOIN workflow_tasks ON semaphore = name
                GROUP BY name ORDER BY name
                """)
            var summaries: [SemaphoreSummary] = []
            for row in rows {
                let name = try row.text("name")
                summaries.append(
                    SemaphoreSummary(
                        name: name, capacity: try Self.capacity(of: name, reader), heldCount: try row.count("held"),
                        waitingCount: try row.count("waiting")))
            }
            return summaries
        }
    }

    private static func capacity(of semaphore: String, _ reader: any SQLReader) throws(RepositoryError) -> Int {
        try reader.first("SELECT capacity FROM workflow_semaphores WHERE name = ?", [.text(semaphore)])?
            .count("capacity") ?? SemaphoreSummary.defaultCapacity
    }
}
