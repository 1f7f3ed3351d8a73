public import LandlordDomain
public import StatesLanguage

/// Callbacks, the attempts to deliver them and what operators did to them, in the database.
public struct DatabaseCallbackRepository: CallbackRepository {
    /// How many causes are listed; who has more has one trouble with many faces.
    private static let causeLimit = 200

    private let database: Database

    /// Keeps callbacks in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// The callback with this identifier.
    public func callback(_ id: Callback.ID) async throws(RepositoryError) -> Callback? {
        try await database.read { reader throws(RepositoryError) in try Self.find(id, reader) }
    }

    /// A window on the callbacks.
    public func page(_ query: CallbackQuery, at now: Timestamp) async throws(RepositoryError) -> Page<Callback> {
        let listing = CallbackListing(query, at: now)
        let callbacks = try await database.read { reader throws(RepositoryError) in try listing.callbacks(reader) }
        return Paging.page(callbacks, limit: query.limit, cursor: listing.cursor)
    }

    /// How many callbacks stand where.
    public func counts() async throws(RepositoryError) -> [CallbackStatus: Int] {
        try await database.read { reader throws(RepositoryError) in
            try Paging.counts(try reader.query("SELECT status, count(*) AS count FROM callbacks GROUP BY status"))
        }
    }

    /// How many callbacks are dead.
    public func deadLetterCount() async throws(RepositoryError) -> Int {
        try await database.read { reader throws(RepositoryError) in
            try reader.count("SELECT count(*) FROM callbacks INDEXED BY callbacks_causes WHERE status = 'dead'")
        }
    }

    /// How many dead letters a query finds, and how many of them nobody waits for any more.
    public func deadLetters(
        _ query: CallbackQuery, at now: Timestamp
    ) async throws(RepositoryError) -> (count: Int, ended: Int) {
        guard let dead = CallbackListing(query, at: now).dead() else { return (0, 0) }
        return try await database.read { reader throws(RepositoryError) in
            let count = try reader.count("SELECT count(*) \(dead.clause)", dead.arguments)
            let ended = try reader.count(
                """
                SELECT count(*) \(dead.clause) AND workflow_execution_id IN
                (SELECT run_id FROM workflow_runs WHERE status NOT IN ('pending', 'running'))
                """, dead.arguments)
            return (count, ended)
        }
    }

    /// The causes of the dead letters that a query finds, the most frequent first.
    public func causes(_ query: CallbackQuery, at now: Timestamp) async throws(RepositoryError) -> [CallbackCause] {
        let listing = CallbackListing(query, at: now)
        guard let dead = listing.dead(index: listing.isNarrowed ? "callbacks_dead" : "callbacks_causes") else {
            return []
        }
        return try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT fingerprint, count(*) AS count, min(settled_at) AS first_at, max(settled_at) AS last_at
                \(dead.clause) GROUP BY fingerprint ORDER BY count DESC, last_at DESC LIMIT ?
                """,
                dead.arguments + [.integer(Self.causeLimit)])
            var causes: [CallbackCause] = []
            for row in rows {
                if let cause = try Self.cause(row, reader) { causes.append(cause) }
            }
            return causes
        }
    }

    /// The attempts to deliver a callback, oldest first, at most `PageLimit.largest`.
    public func attempts(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAttempt] {
        try await database.read { reader throws(RepositoryError) in
            try CallbackAttemptRow.attempts(of: id, limit: PageLimit.largest, reader)
        }
    }

    /// Who did what to a callback, oldest first, at most `PageLimit.largest`.
    public func audit(of id: Callback.ID) async throws(RepositoryError) -> [CallbackAuditEntry] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT verb, actor, reason, operation_id, created_at FROM callback_audit
                WHERE callback_id = ? ORDER BY id LIMIT ?
                """,
                [.text(id.rawValue), .integer(PageLimit.largest)])
            var entries: [CallbackAuditEntry] = []
            for row in rows { entries.append(try CallbackAuditRow.entry(row, of: id)) }
            return entries
        }
    }

    /// Applies a verb to callbacks and writes who did it: to all of them, or where one refuses to none.
    public func apply(
        _ order: CallbackOrder, to ids: [Callback.ID]
    ) async throws(RepositoryError) -> [CallbackVerdict] {
        try await database.write { transaction throws(RepositoryError) in
            var verdicts: [CallbackVerdict] = []
            for id in ids { verdicts.append(try Self.verdict(on: id, order, transaction)) }
            let isRefused = verdicts.contains { verdict in
                switch verdict {
                case .applied, .refused(_, .alreadyDone): false
                case .refused, .missing: true
                }
            }
            guard !isRefused else { return verdicts }
            for case .applied(let callback) in verdicts {
                try Self.write(callback, order, in: nil, transaction)
            }
            return verdicts
        }
    }

    // MARK: Shared with bulk operations

    /// What a verb makes of a callback, without writing it.
    static func verdict(
        on id: Callback.ID, _ order: CallbackOrder, _ reader: any SQLReader
    ) throws(RepositoryError) -> CallbackVerdict {
        guard let callback = try find(id, reader) else { return .missing(id) }
        if let refusal = callback.refusal(of: order.verb) { return .refused(callback, refusal) }
        switch order.verb {
        case .redrive:
            return .applied(CallbackDelivery.redriven(callback, retryLimit: order.retryLimit, at: order.at))
        case .discard: return .applied(CallbackDelivery.discarded(callback, at: order.at))
        }
    }

    /// Writes what a verb made of a dead callback, and who ordered it.
    static func write(
        _ callback: Callback, _ order: CallbackOrder, in operation: CallbackOperation.ID?,
        _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        let row = CallbackRow.changingValues(callback) + [.text(callback.id.rawValue), "dead"]
        guard try transaction.execute(CallbackRow.update, row) == 1 else { throw .stale }
        let entry = CallbackAuditEntry(
            callbackID: callback.id, verb: order.verb, actor: order.actor, reason: order.reason,
            operationID: operation, at: order.at)
        try transaction.execute(CallbackAuditRow.insert, CallbackAuditRow.values(entry))
        transaction.publish(.callback(id: callback.id.rawValue))
    }

    private static func find(
        _ id: Callback.ID, _ reader: any SQLReader
    ) throws(RepositoryError) -> Callback? {
        let row = try reader.first(
            "SELECT \(CallbackRow.columns), \(CallbackRow.workflowStatus) FROM callbacks WHERE id = ?",
            [.text(id.rawValue)])
        return try row.map(CallbackRow.callback)
    }

    /// A cause with the failure of the dead letter that died last.
    private static func cause(_ row: SQLRow, _ reader: any SQLReader) throws(RepositoryError) -> CallbackCause? {
        guard let fingerprint = try row.optionalText("fingerprint") else { return nil }
        let sample = try reader.first(
            """
            SELECT error_code, error_status, error_message, host, operation_type FROM callbacks
            INDEXED BY callbacks_causes WHERE status = 'dead' AND fingerprint = ? ORDER BY settled_at DESC LIMIT 1
            """, [.text(fingerprint)])
        guard let sample, let failure = try CallbackRow.failure(sample) else { return nil }
        return CallbackCause(
            id: fingerprint, failure: failure, host: try sample.text("host"),
            operation: try sample.enumeration("operation_type"), count: try row.count("count"),
            firstAt: try row.timestamp("first_at"), lastAt: try row.timestamp("last_at"))
    }
}

/// A row of `callback_audit`.
enum CallbackAuditRow {
    static let insert = """
        INSERT INTO callback_audit (callback_id, verb, actor, reason, operation_id, created_at)
        VALUES (?, ?, ?, ?, ?, ?)
        """

    static func values(_ entry: CallbackAuditEntry) -> [SQLValue] {
        [
            .text(entry.callbackID.rawValue), .text(entry.verb.rawValue), .text(entry.actor), .text(entry.reason),
            .optional(entry.operationID?.rawValue), .timestamp(entry.at),
        ]
    }

    static func entry(_ row: SQLRow, of id: Callback.ID) throws(RepositoryError) -> CallbackAuditEntry {
        CallbackAuditEntry(
            callbackID: id, verb: try row.enumeration("verb"), actor: try row.text("actor"),
            reason: try row.text("reason"),
            operationID: try row.optionalText("operation_id").map { CallbackOperation.ID($0) },
            at: try row.timestamp("created_at"))
    }
}
