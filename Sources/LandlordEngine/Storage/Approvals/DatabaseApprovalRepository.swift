public import LandlordDomain
public import StatesLanguage

/// Requests for approval in the database.
public struct DatabaseApprovalRepository: ApprovalRepository {
    private static let columns = """
        id, run_id, task_id, tenant_id, status, request, votes, delegates, is_escalated, expires_at, created_at, \
        decided_at, version
        """
    static let select = "SELECT \(columns) FROM approvals"

    private let database: Database

    /// Keeps requests in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// Keeps a request that is new; one that is known is answered as it stands.
    ///
    /// - Throws: `.notFound` where the task that asks is over: it may be given up before it is asked for.
    public func request(_ approval: Approval) async throws(RepositoryError) -> Approval {
        try await database.write { transaction throws(RepositoryError) in
            if let known = try Self.find(approval.id, transaction) { return known }
            let task = TaskReference(runID: approval.runID, taskID: approval.taskID)
            guard try DatabaseRunStore.isOpen(task, transaction) else { throw .notFound }
            let tenantID = try transaction.first(
                "SELECT tenant_id FROM workflow_runs WHERE run_id = ?", [.text(approval.runID)])?
                .optionalText("tenant_id")
            try transaction.execute(
                """
                INSERT INTO approvals (id, run_id, task_id, tenant_id, request, created_at, status, votes, delegates,
                    is_escalated, expires_at, decided_at, version, is_answered)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
                """,
                [
                    .text(approval.id), .text(approval.runID), .integer(approval.taskID), .optional(tenantID),
                    .json(approval.request.json), .timestamp(approval.createdAt),
                ] + Self.changing(approval))
            let event = ApprovalEvent(.requested, by: "run \(approval.runID)", at: approval.createdAt)
            try Self.write(event, of: approval.id, transaction)
            guard let stored = try Self.find(approval.id, transaction) else { throw .notFound }
            return stored
        }
    }

    /// The request with this name.
    public func approval(_ id: String) async throws(RepositoryError) -> Approval? {
        try await database.read { reader throws(RepositoryError) in try Self.find(id, reader) }
    }

    /// Writes a step and its line of history.
    public func save(_ step: ApprovalStep) async throws(RepositoryError) {
        let approval = step.approval
        try await database.write { transaction throws(RepositoryError) in
            let changed = try transaction.execute(
                """
                UPDATE approvals SET status = ?, votes = ?, delegates = ?, is_escalated = ?, expires_at = ?,
                    decided_at = ?, version = ?
                WHERE id = ? AND version = ?
                """,
                Self.changing(approval) + [.text(approval.id), .integer(approval.version - 1)])
            guard changed == 1 else { throw .stale }
            try Self.write(step.event, of: approval.id, transaction)
        }
    }

    /// A window on the requests, newest first.
    public func page(_ query: ApprovalQuery) async throws(RepositoryError) -> Page<Approval> {
        var list = NewestFirstList(
            table: "approvals", columns: Self.columns, id: "id", tenantID: nil,
            statuses: query.statuses.map(\.rawValue), after: try Paging.time(query.after), limit: query.limit)
        list.filter.add(words: query.words, in: ["id", "run_id", "request"])
        let approvals = try await database.read { [list] reader throws(RepositoryError) in
            try list.items(reader, Self.approval)
        }
        return Paging.page(approvals, limit: query.limit) { approval in
            PageCursor(key: "\(approval.createdAt.millisecondsSinceEpoch)", id: approval.id)
        }
    }

    /// What was done with a request, oldest first.
    public func history(of id: String) async throws(RepositoryError) -> [ApprovalEvent] {
        try await database.read { reader throws(RepositoryError) in try Self.history(of: id, reader) }
    }

    static func history(of id: String, _ reader: any SQLReader) throws(RepositoryError) -> [ApprovalEvent] {
        let rows = try reader.query(
            "SELECT action, actor, reason, at FROM approval_history WHERE approval_id = ? ORDER BY number",
            [.text(id)])
        var events: [ApprovalEvent] = []
        for row in rows {
            events.append(
                ApprovalEvent(
                    try row.enumeration("action"), by: try row.text("actor"), try row.text("reason"),
                    at: try row.timestamp("at")))
        }
        return events
    }

    /// Requests whose time is over, earliest first.
    public func due(at now: Timestamp, limit: Int) async throws(RepositoryError) -> [Approval] {
        try await query(
            "\(Self.select) WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?", [.timestamp(now), .integer(limit)])
    }

    /// When the next time is over; nil for never.
    public func nextExpiry() async throws(RepositoryError) -> Timestamp? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first("SELECT min(expires_at) AS next FROM approvals WHERE expires_at IS NOT NULL")?
                .optionalTimestamp("next")
        }
    }

    /// A window on the requests that are over and whose runs were not told, oldest first.
    public func unanswered(after cursor: PageCursor?, limit: Int) async throws(RepositoryError) -> [Approval] {
        let place = try Paging.time(cursor)
        return try await query(
            """
            \(Self.select) WHERE is_answered = 0 AND status <> 'pending' AND (created_at, id) > (?, ?)
            ORDER BY created_at, id LIMIT ?
            """,
            [place?.key ?? .integer(Int64.min), .text(place?.id ?? ""), .integer(limit)])
    }

    /// Remembers that a run was told.
    public func markAnswered(_ id: String) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            try transaction.execute("UPDATE approvals SET is_answered = 1 WHERE id = ?", [.text(id)])
        }
    }

    private func query(_ sql: String, _ arguments: [SQLValue]) async throws(RepositoryError) -> [Approval] {
        try await database.read { reader throws(RepositoryError) in
            var approvals: [Approval] = []
            for row in try reader.query(sql, arguments) { approvals.append(try Self.approval(row)) }
            return approvals
        }
    }

    // MARK: Rows

    private static func find(_ id: String, _ reader: any SQLReader) throws(RepositoryError) -> Approval? {
        try reader.first("\(select) WHERE id = ?", [.text(id)]).map { row throws(RepositoryError) in
            try approval(row)
        }
    }

    private static func write(
        _ event: ApprovalEvent, of id: String, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        try transaction.execute(
            "INSERT INTO approval_history (approval_id, action, actor, reason, at) VALUES (?, ?, ?, ?, ?)",
            [
                .text(id), .text(event.action.rawValue), .text(event.actor), .text(event.reason),
                .timestamp(event.at),
            ])
        transaction.publish(.approval(id: id))
    }

    private static func changing(_ approval: Approval) -> [SQLValue] {
        [
            .text(approval.status.rawValue), .json(.array(approval.votes.map(\.json))), .strings(approval.delegates),
            .flag(approval.isEscalated), .optional(approval.expiresAt), .optional(approval.decidedAt),
            .integer(approval.version),
        ]
    }

    static func approval(_ row: SQLRow) throws(RepositoryError) -> Approval {
        let request: Approval.Request
        let parameters = try row.json("request")
        do throws(ApprovalRefusal) {
            request = try Approval.Request(json: parameters)
        } catch {
            throw .unusable("a request for approval cannot be read: \(error)")
        }
        return Approval(
            id: try row.text("id"), runID: try row.text("run_id"), taskID: try row.count("task_id"),
            tenantID: try row.optionalText("tenant_id").map { Tenant.ID($0) }, request: request,
            status: try row.enumeration("status"),
            votes: (try row.json("votes").arrayValue ?? []).compactMap(ApprovalVote.init(json:)),
            delegates: try row.strings("delegates"), isEscalated: try row.count("is_escalated") == 1,
            expiresAt: try row.optionalTimestamp("expires_at"), createdAt: try row.timestamp("created_at"),
            decidedAt: try row.optionalTimestamp("decided_at"), version: try row.count("version"))
    }
}
