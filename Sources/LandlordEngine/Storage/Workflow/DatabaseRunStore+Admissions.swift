public import LandlordDomain
import StatesLanguage

extension DatabaseRunStore {
    /// Says what becomes of new runs of a workflow; what was said last already is not said again.
    ///
    /// The latest `PageLimit.standard` lines of a workflow are kept.
    public func admit(
        _ admission: WorkflowAdmission, to workflowID: String
    ) async throws(RepositoryError) -> Bool {
        try await database.write { transaction throws(RepositoryError) in
            let stored = StoredAdmissions(reader: transaction)
            guard try StoredDefinitions(reader: transaction).newestVersion(of: workflowID) != nil else {
                throw .notFound
            }
            guard (try stored.last(of: workflowID)?.verb ?? .open) != admission.verb else { return false }
            try transaction.execute(
                """
                INSERT INTO workflow_admissions (workflow_id, line, verb, actor, reason, at)
                SELECT ?, coalesce(max(line), 0) + 1, ?, ?, ?, ? FROM workflow_admissions WHERE workflow_id = ?
                """,
                [
                    .text(workflowID), .text(admission.verb.rawValue), .text(admission.actor),
                    .text(admission.reason), .timestamp(admission.at), .text(workflowID),
                ])
            try transaction.execute(
                """
                DELETE FROM workflow_admissions WHERE workflow_id = ?
                    AND line <= (SELECT max(line) FROM workflow_admissions WHERE workflow_id = ?) - ?
                """,
                [.text(workflowID), .text(workflowID), .integer(PageLimit.standard)])
            return true
        }
    }

    /// What was said of a workflow's new runs, oldest first.
    public func admissions(of workflowID: String) async throws(RepositoryError) -> [WorkflowAdmission] {
        try await database.read { reader throws(RepositoryError) in
            try StoredAdmissions(reader: reader).latest(of: workflowID, limit: PageLimit.standard).reversed()
        }
    }

    /// A workflow as a list shows it; nil where there is none.
    public func workflow(_ workflowID: String) async throws(RepositoryError) -> WorkflowSummary? {
        try await database.read { reader throws(RepositoryError) in
            guard let version = try StoredDefinitions(reader: reader).newestVersion(of: workflowID) else { return nil }
            return try Self.summaries([(workflowID, version)], reader).first
        }
    }

    /// A window on the workflows that were not forgotten, by their names.
    public func workflows(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<WorkflowSummary> {
        let limit = PageLimit.clamped(limit)
        let found = try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT workflow_id, max(version) AS version FROM workflow_definitions
                WHERE is_forgotten = 0 AND workflow_id > ? GROUP BY workflow_id ORDER BY workflow_id LIMIT ?
                """,
                [.text(cursor?.id ?? ""), .integer(limit + 1)])
            var known: [(String, Int)] = []
            for row in rows { known.append((try row.text("workflow_id"), try row.count("version"))) }
            return try Self.summaries(known, reader)
        }
        // The order is that of the names alone; the key of a place in it says nothing.
        return Paging.page(found, limit: limit) { PageCursor(key: "0", id: $0.workflowID) }
    }

    /// Workflows that follow each other in the order of their names.
    ///
    /// The runs that are not over are counted along the index of their statuses: there is none by workflow, which
    /// every step of every run would have to keep.
    private static func summaries(
        _ workflows: [(id: String, version: Int)], _ reader: any SQLReader
    ) throws(RepositoryError) -> [WorkflowSummary] {
        guard let first = workflows.first, let last = workflows.last else { return [] }
        var counts: [String: Int] = [:]
        let rows = try reader.query(
            """
            SELECT workflow_id, count(*) AS count FROM workflow_runs
            WHERE status IN ('pending', 'running') AND workflow_id BETWEEN ? AND ? GROUP BY workflow_id
            """,
            [.text(first.id), .text(last.id)])
        for row in rows { counts[try row.text("workflow_id")] = try row.count("count") }
        var summaries: [WorkflowSummary] = []
        for (id, version) in workflows {
            summaries.append(
                WorkflowSummary(
                    workflowID: id, newestVersion: version, inFlightCount: counts[id] ?? 0,
                    drain: try StoredAdmissions(reader: reader).drain(of: id)))
        }
        return summaries
    }
}

/// What was said of the new runs of workflows, as a reader sees it.
struct StoredAdmissions {
    let reader: any SQLReader

    /// What keeps new runs of a workflow out; nil where they start.
    func drain(of workflowID: String) throws(RepositoryError) -> WorkflowAdmission? {
        guard let last = try last(of: workflowID) else { return nil }
        return last.verb == .drain ? last : nil
    }

    func last(of workflowID: String) throws(RepositoryError) -> WorkflowAdmission? {
        try latest(of: workflowID, limit: 1).first
    }

    /// The latest first.
    func latest(of workflowID: String, limit: Int) throws(RepositoryError) -> [WorkflowAdmission] {
        let rows = try reader.query(
            """
            SELECT verb, actor, reason, at FROM workflow_admissions WHERE workflow_id = ?
            ORDER BY line DESC LIMIT ?
            """,
            [.text(workflowID), .integer(limit)])
        var lines: [WorkflowAdmission] = []
        for row in rows {
            lines.append(
                WorkflowAdmission(
                    try row.enumeration("verb"), by: try row.text("actor"), reason: try row.text("reason"),
                    at: try row.timestamp("at")))
        }
        return lines
    }
}
