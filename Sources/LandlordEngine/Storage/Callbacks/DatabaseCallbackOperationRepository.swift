public import LandlordDomain
public import StatesLanguage

/// Bulk operations over dead letters, and their items, in the database.
public struct DatabaseCallbackOperationRepository: CallbackOperationRepository {
    /// The most dead letters of one operation; what is over is found by the next one.
    private static let setLimit = 1_000_000

    private static let select = "SELECT \(CallbackOperationRow.columns) FROM callback_operations"

    private let database: Database

    /// Keeps operations in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// Writes an operation with the set of dead letters that a query finds now, the oldest first.
    public func begin(
        _ request: CallbackOperation.Request, _ query: CallbackQuery, id: CallbackOperation.ID, at now: Timestamp
    ) async throws(RepositoryError) -> CallbackOperation {
        let dead = CallbackListing(query, at: now).dead()
        return try await database.write { transaction throws(RepositoryError) in
            let count = try dead.map { dead throws(RepositoryError) in
                try transaction.count("SELECT count(*) \(dead.clause)", dead.arguments)
            }
            let operation = CallbackOperation(
                id: id, request: request, status: .running, total: min(count ?? 0, Self.setLimit), applied: 0,
                skipped: 0, note: "", createdAt: now, updatedAt: now, endedAt: nil)
            try transaction.execute(CallbackOperationRow.insert, CallbackOperationRow.insertValues(operation))
            if let dead {
                try transaction.execute(
                    """
                    INSERT INTO callback_operation_items (operation_id, number, callback_id, status, note)
                    SELECT ?, row_number() OVER (ORDER BY created_at, id), id, 'waiting', '' \(dead.clause)
                    ORDER BY created_at, id LIMIT ?
                    """,
                    [.text(id.rawValue)] + dead.arguments + [.integer(Self.setLimit)])
            }
            transaction.publish(.callback(id: id.rawValue))
            return operation
        }
    }

    /// The operation with this identifier.
    public func operation(_ id: CallbackOperation.ID) async throws(RepositoryError) -> CallbackOperation? {
        try await database.read { reader throws(RepositoryError) in try Self.find(id, reader) }
    }

    /// The newest operations, the newest first; on wish only those that are not over.
    public func operations(isOpen: Bool, limit: Int) async throws(RepositoryError) -> [CallbackOperation] {
        try await database.read { reader throws(RepositoryError) in
            let source =
                isOpen
                ? "INDEXED BY callback_operations_open WHERE status IN ('running', 'paused', 'halted')"
                : "INDEXED BY callback_operations_newest"
            var operations: [CallbackOperation] = []
            for row in try reader.query(
                "\(Self.select) \(source) ORDER BY created_at DESC, id DESC LIMIT ?",
                [.integer(PageLimit.clamped(limit))])
            { operations.append(try CallbackOperationRow.operation(row)) }
            return operations
        }
    }

    /// A window on an operation's items, behind the item with this number.
    public func items(
        of id: CallbackOperation.ID, after number: Int, limit: Int
    ) async throws(RepositoryError) -> [CallbackOperationItem] {
        try await database.read { reader throws(RepositoryError) in
            try Self.items(of: id, after: number, limit: PageLimit.clamped(limit), reader)
        }
    }

    /// What came of the last callbacks that an operation has redriven.
    public func outcomes(
        of id: CallbackOperation.ID, sample: Int
    ) async throws(RepositoryError) -> RedriveOutcomes {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT callbacks.status AS status, count(*) AS count FROM (
                    SELECT callback_id FROM callback_operation_items
                    WHERE operation_id = ? AND number <= (
                        SELECT applied + skipped FROM callback_operations WHERE id = ?) AND status = 'applied'
                    ORDER BY number DESC LIMIT ?
                ) AS last JOIN callbacks ON callbacks.id = last.callback_id GROUP BY callbacks.status
                """,
                [.text(id.rawValue), .text(id.rawValue), .integer(sample)])
            let counts: [CallbackStatus: Int] = try Paging.counts(rows)
            return RedriveOutcomes(
                delivered: counts[.delivered, default: 0],
                dead: counts[.dead, default: 0] + counts[.discarded, default: 0],
                onTheirWay: counts[.pending, default: 0] + counts[.delivering, default: 0])
        }
    }

    /// Applies an operation's verb to its next items.
    public func advance(
        _ id: CallbackOperation.ID, by count: Int, retryLimit: Int, at now: Timestamp
    ) async throws(RepositoryError) -> CallbackOperation {
        try await database.write { transaction throws(RepositoryError) in
            guard var operation = try Self.find(id, transaction), operation.status == .running else { throw .stale }
            let request = operation.request
            let order = CallbackOrder(
                request.verb, retryLimit: request.retryLimit ?? retryLimit, by: request.actor,
                reason: request.reason, at: now)
            for item in try Self.items(of: id, after: operation.processed, limit: count, transaction) {
                let refusal = try Self.apply(order, to: item.callbackID, in: id, transaction)
                if refusal == nil { operation.applied += 1 } else { operation.skipped += 1 }
                try transaction.execute(
                    "UPDATE callback_operation_items SET status = ?, note = ? WHERE operation_id = ? AND number = ?",
                    [
                        refusal == nil ? "applied" : "skipped", .text(refusal ?? ""), .text(id.rawValue),
                        .integer(item.number),
                    ])
            }
            operation.updatedAt = now
            try Self.write(operation, from: .running, transaction)
            return operation
        }
    }

    /// Moves an operation from where it stands.
    public func save(
        _ operation: CallbackOperation, from status: CallbackOperationStatus
    ) async throws(RepositoryError) {
        try await database.write { transaction throws(RepositoryError) in
            guard let known = try Self.find(operation.id, transaction), known.status == status else { throw .stale }
            // How far it came is the driving process's to say.
            var moved = operation
            (moved.applied, moved.skipped) = (known.applied, known.skipped)
            try Self.write(moved, from: status, transaction)
        }
    }

    /// - Returns: Why the verb does not apply; nil where it was applied.
    private static func apply(
        _ order: CallbackOrder, to id: Callback.ID, in operation: CallbackOperation.ID,
        _ transaction: any SQLTransaction
    ) throws(RepositoryError) -> String? {
        switch try DatabaseCallbackRepository.verdict(on: id, order, transaction) {
        case .missing: return "is gone"
        case .refused(_, let refusal): return refusal.words(for: order.verb)
        case .applied(let callback):
            try DatabaseCallbackRepository.write(callback, order, in: operation, transaction)
            return nil
        }
    }

    private static func write(
        _ operation: CallbackOperation, from status: CallbackOperationStatus, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        try transaction.execute(
            CallbackOperationRow.update,
            CallbackOperationRow.changingValues(operation) + [
                .text(operation.id.rawValue), .text(status.rawValue),
            ])
        transaction.publish(.callback(id: operation.id.rawValue))
    }

    private static func find(
        _ id: CallbackOperation.ID, _ reader: any SQLReader
    ) throws(RepositoryError) -> CallbackOperation? {
        try reader.first("\(select) WHERE id = ?", [.text(id.rawValue)]).map(CallbackOperationRow.operation)
    }

    private static func items(
        of id: CallbackOperation.ID, after number: Int, limit: Int, _ reader: any SQLReader
    ) throws(RepositoryError) -> [CallbackOperationItem] {
        let rows = try reader.query(
            """
            SELECT number, callback_id, status, note FROM callback_operation_items
            WHERE operation_id = ? AND number > ? ORDER BY number LIMIT ?
            """,
            [.text(id.rawValue), .integer(number), .integer(limit)])
        var items: [CallbackOperationItem] = []
        for row in rows {
            items.append(
                CallbackOperationItem(
                    number: try row.count("number"), callbackID: Callback.ID(try row.text("callback_id")),
                    status: try row.enumeration("status"), note: try row.text("note")))
        }
        return items
    }
}

/// A row of `callback_operations`.
enum CallbackOperationRow {
    static let columns = """
        id, verb, filter, actor, reason, retry_limit, rate, is_canary, status, total, applied, skipped, note, \
        created_at, updated_at, ended_at
        """

    static let insert = """
        INSERT INTO callback_operations (id, verb, filter, actor, reason, retry_limit, rate, total, created_at,
            is_canary, status, applied, skipped, note, updated_at, ended_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """

    static let update = """
        UPDATE callback_operations SET is_canary = ?, status = ?, applied = ?, skipped = ?, note = ?, updated_at = ?,
            ended_at = ? WHERE id = ? AND status = ?
        """

    static func insertValues(_ operation: CallbackOperation) -> [SQLValue] {
        let request = operation.request
        let fixed: [SQLValue] = [
            .text(operation.id.rawValue), .text(request.verb.rawValue), .text(request.filter), .text(request.actor),
            .text(request.reason), .optional(request.retryLimit), .optional(request.rate),
            .integer(operation.total), .timestamp(operation.createdAt),
        ]
        return fixed + changingValues(operation)
    }

    static func changingValues(_ operation: CallbackOperation) -> [SQLValue] {
        [
            .flag(operation.request.isCanary), .text(operation.status.rawValue), .integer(operation.applied),
            .integer(operation.skipped), .text(operation.note), .timestamp(operation.updatedAt),
            .optional(operation.endedAt),
        ]
    }

    static func operation(_ row: SQLRow) throws(RepositoryError) -> CallbackOperation {
        CallbackOperation(
            id: CallbackOperation.ID(try row.text("id")),
            request: CallbackOperation.Request(
                try row.enumeration("verb"), filter: try row.text("filter"), by: try row.text("actor"),
                reason: try row.text("reason"), retryLimit: try row.optionalCount("retry_limit"),
                rate: try row.optionalCount("rate"), isCanary: try row.flag("is_canary")),
            status: try row.enumeration("status"), total: try row.count("total"),
            applied: try row.count("applied"), skipped: try row.count("skipped"), note: try row.text("note"),
            createdAt: try row.timestamp("created_at"), updatedAt: try row.timestamp("updated_at"),
            endedAt: try row.optionalTimestamp("ended_at"))
    }
}
