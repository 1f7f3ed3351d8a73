import LandlordDomain
import StatesLanguage

extension DatabaseRunStore: RunArchiveStore {
    /// A run as it is recorded, its row and its log of one moment.
    func recorded(_ runID: String) async throws(RepositoryError) -> RecordedRun? {
        try await database.read { reader throws(RepositoryError) in
            let row = try reader.first(
                "SELECT \(RunRow.columns), number, head FROM workflow_runs WHERE run_id = ?", [.text(runID)])
            guard let row else { return nil }
            let number = try row.integer("number")
            let run = try RunRow.run(row)
            var tokens = try Self.openTokens(of: number, reader)
            // A run may have been given the token of the task that has started it.
            let given = TokenRedaction.candidates(in: [run.input, run.output ?? .null])
            for token in given where try Self.isOpen(token, reader) { tokens.insert(token) }
            return RecordedRun(
                run: run, hash: try row.blob("head"), links: try RunLog.links(of: number, reader), openTokens: tokens)
        }
    }

    private static func isOpen(_ token: String, _ reader: any SQLReader) throws(RepositoryError) -> Bool {
        try reader.first("SELECT id FROM workflow_tasks WHERE token = ? AND is_external = 1", [.text(token)]) != nil
    }

    /// Runs that were over before a moment and that nothing holds on to.
    ///
    /// They are looked for in the order of their beginnings, for which there is an index: a run that began later cannot
    /// have been over before.
    func leavable(
        overBefore limit: Timestamp, after cursor: PageCursor?, lookingAt count: Int
    ) async throws(RepositoryError) -> (ids: [String], next: PageCursor?) {
        var filter = SQLFilter()
        filter.add("created_at < ?", .timestamp(limit))
        filter.add(behind: try Paging.time(cursor), key: "created_at", id: "run_id", isDescending: false)
        let (clause, arguments) = (filter.clause, filter.arguments)
        return try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT run_id, created_at, coalesce(ended_at < ?, 0)
                    AND NOT EXISTS (SELECT 1 FROM workflow_runs AS child
                        WHERE child.parent BETWEEN run.number << 24 AND (run.number << 24) + 16777215)
                    AND NOT EXISTS (SELECT 1 FROM workflow_runs AS above
                        WHERE above.number = run.parent >> 24 AND above.ended_at IS NULL)
                    AND NOT EXISTS (SELECT 1 FROM tenants
                        WHERE tenants.id = run.tenant_id AND tenants.workflow_execution_id = run.run_id)
                    AND NOT EXISTS (SELECT 1 FROM workflow_tasks AS task
                        WHERE task.id BETWEEN run.number << 24 AND (run.number << 24) + 16777215) AS is_leavable
                FROM workflow_runs AS run INDEXED BY workflow_runs_newest \(clause)
                ORDER BY created_at, run_id LIMIT ?
                """,
                [.timestamp(limit)] + arguments + [.integer(count)])
            var ids: [String] = []
            for row in rows where try row.count("is_leavable") == 1 { ids.append(try row.text("run_id")) }
            guard rows.count == count, let last = rows.last else { return (ids, nil) }
            return (ids, PageCursor(key: "\(try last.integer("created_at"))", id: try last.text("run_id")))
        }
    }

    /// Whether one of the runs is there just as it was recorded.
    func holds(_ hashes: [String: [UInt8]]) async throws(RepositoryError) -> Bool {
        try await database.read { reader throws(RepositoryError) in
            for (id, hash) in hashes {
                let row = try reader.first(
                    "SELECT number FROM workflow_runs WHERE run_id = ? AND head = ?", [.text(id), .blob(hash)])
                if row != nil { return true }
            }
            return false
        }
    }

    /// Removes runs in one transaction.
    func remove(_ runs: [RecordedRun]) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            for recorded in runs {
                let row = try transaction.first(
                    "SELECT number FROM workflow_runs WHERE run_id = ? AND head = ? AND ended_at IS NOT NULL",
                    [.text(recorded.run.id), .blob(recorded.hash)])
                guard let number = try row?.integer("number") else { throw .stale }
                try transaction.execute(
                    "DELETE FROM workflow_events WHERE id BETWEEN ? AND ?", RunKey.bounds(of: number))
                for table in ["workflow_pieces", "workflow_signals"] {
                    try transaction.execute("DELETE FROM \(table) WHERE run = ?", [.integer(number)])
                }
                try transaction.execute("DELETE FROM workflow_runs WHERE number = ?", [.integer(number)])
                transaction.publish(
                    .run(
                        id: recorded.run.id, tenantID: recorded.run.tenantID?.rawValue,
                        input: recorded.run.inputCount))
            }
        }
    }
}
