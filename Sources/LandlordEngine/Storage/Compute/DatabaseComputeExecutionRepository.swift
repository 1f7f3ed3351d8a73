public import LandlordDomain
public import StatesLanguage

/// Compute executions, their history and the birth of their callbacks in the database.
public struct DatabaseComputeExecutionRepository: ComputeExecutionRepository {
    private static let select = "SELECT \(ComputeExecutionRow.columns) FROM compute_executions"

    private let database: Database

    /// Keeps executions in `database`.
    public init(_ database: Database) {
        self.database = database
    }

    /// Writes a new execution and the first line of its history; where its identifier is known, changes nothing.
    ///
    /// - Throws: `.notFound` where the task of a run that asks is over: it may be given up before it is asked for.
    public func create(
        _ execution: ComputeExecution, _ entry: ComputeExecutionEntry
    ) async throws(RepositoryError) -> ComputeExecution {
        let row = ComputeExecutionRow.fixedValues(execution) + ComputeExecutionRow.changingValues(execution)
        return try await database.write { transaction throws(RepositoryError) in
            guard try transaction.execute(ComputeExecutionRow.insert, row) == 1 else {
                guard let known = try Self.find(execution.id, transaction) else { throw .stale }
                return known
            }
            guard try Self.isWanted(execution, transaction) else { throw .notFound }
            try ComputeExecutionEntryRow.append(entry, transaction)
            transaction.publish(Self.change(execution))
            return execution
        }
    }

    /// Whether the task waits that is to have the answer; true where it is none of a run of this database.
    private static func isWanted(
        _ execution: ComputeExecution, _ reader: any SQLReader
    ) throws(RepositoryError) -> Bool {
        guard let token = execution.taskToken, let runID = execution.workflowExecutionID,
            let run = try DatabaseRunStore.number(of: runID, reader)
        else { return true }
        return try reader.first(
            "SELECT id FROM workflow_tasks WHERE id BETWEEN ? AND ? AND token = ? AND status = 'open'",
            RunKey.bounds(of: run) + [.text(token)]) != nil
    }

    /// Writes an execution, a line of its history and its callbacks in one transaction.
    public func save(
        _ execution: ComputeExecution, from status: ComputeExecutionStatus, _ entry: ComputeExecutionEntry,
        callbacks: [Callback]
    ) async throws(RepositoryError) {
        let row: [SQLValue] =
            ComputeExecutionRow.changingValues(execution) + [.text(execution.id.rawValue), .text(status.rawValue)]
        try await database.write { transaction throws(RepositoryError) in
            guard try transaction.execute(ComputeExecutionRow.update, row) == 1 else { throw .stale }
            try ComputeExecutionEntryRow.append(entry, transaction)
            transaction.publish(Self.change(execution))
            for callback in callbacks {
                let count = try transaction.execute(CallbackRow.insert, CallbackRow.insertValues(callback))
                if count > 0 { transaction.publish(.callback(id: callback.id.rawValue)) }
            }
        }
    }

    /// Writes the wish to stop an execution, unless it is over or the wish is already written.
    public func requestCancellation(
        of id: ComputeExecution.ID, reason: String, at now: Timestamp
    ) async throws(RepositoryError) -> ComputeExecution? {
        try await database.write { transaction throws(RepositoryError) in
            let count = try transaction.execute(
                """
                UPDATE compute_executions SET cancel_requested_at = ?, cancel_reason = ?, updated_at = ?
                WHERE execution_id = ? AND status IN ('pending', 'running') AND cancel_requested_at IS NULL
                """,
                [.timestamp(now), .text(reason), .timestamp(now), .text(id.rawValue)])
            let execution = try Self.find(id, transaction)
            if let execution, count > 0 { transaction.publish(Self.change(execution)) }
            return execution
        }
    }

    /// The execution with this identifier.
    public func execution(_ id: ComputeExecution.ID) async throws(RepositoryError) -> ComputeExecution? {
        try await database.read { reader throws(RepositoryError) in try Self.find(id, reader) }
    }

    /// A window on the executions, newest first.
    public func page(_ query: ComputeExecutionQuery) async throws(RepositoryError) -> Page<ComputeExecution> {
        var list = NewestFirstList(
            table: "compute_executions", columns: ComputeExecutionRow.columns, id: "execution_id",
            tenantID: query.tenantID?.rawValue, statuses: query.statuses.map(\.rawValue),
            after: try Paging.time(query.after), limit: query.limit)
        if let operation = query.operation { list.filter.add("operation_type = ?", .text(operation.rawValue)) }
        list.filter.add(
            words: query.words,
            in: ["execution_id", "tenant_name", "coalesce(error_code, '')", "coalesce(error_message, '')"])
        let executions = try await database.read { [list] reader throws(RepositoryError) in
            try list.items(reader, ComputeExecutionRow.execution)
        }
        return Self.page(executions, limit: query.limit)
    }

    /// How many executions stand where.
    public func counts() async throws(RepositoryError) -> [ComputeExecutionStatus: Int] {
        try await database.read { reader throws(RepositoryError) in
            try Paging.counts(
                try reader.query("SELECT status, count(*) AS count FROM compute_executions GROUP BY status"))
        }
    }

    /// An execution's history, oldest first, at most `PageLimit.largest` lines.
    public func history(of id: ComputeExecution.ID) async throws(RepositoryError) -> [ComputeExecutionEntry] {
        try await database.read { reader throws(RepositoryError) in
            let rows = try reader.query(
                """
                SELECT status, details, timestamp FROM compute_execution_history WHERE compute_execution_id =
                (SELECT id FROM compute_executions WHERE execution_id = ?) ORDER BY sequence LIMIT ?
                """,
                [.text(id.rawValue), .integer(PageLimit.largest)])
            var entries: [ComputeExecutionEntry] = []
            for row in rows { entries.append(try ComputeExecutionEntryRow.entry(row, of: id)) }
            return entries
        }
    }

    /// Executions that are not over, oldest first, behind the given one.
    public func unfinished(
        after cursor: PageCursor?, limit: Int
    ) async throws(RepositoryError) -> Page<ComputeExecution> {
        var filter = SQLFilter()
        filter.add("status IN ('pending', 'running')")
        filter.add(behind: try Paging.time(cursor), key: "created_at", id: "execution_id", isDescending: false)
        let limit = PageLimit.clamped(limit)
        let sql = """
            \(Self.select) INDEXED BY compute_executions_unfinished \(filter.clause)
            ORDER BY created_at, execution_id LIMIT ?
            """
        let arguments = filter.arguments + [.integer(limit + 1)]
        let executions = try await database.read { reader throws(RepositoryError) in
            try ComputeExecutionRow.executions(try reader.query(sql, arguments))
        }
        return Self.page(executions, limit: limit)
    }

    /// What the executions of a tenant mark their work with: the tenant's labels as they are now.
    public func labels(of tenantID: Tenant.ID) async throws(RepositoryError) -> [String: String] {
        try await database.read { reader throws(RepositoryError) in
            try reader.first("SELECT labels FROM tenants WHERE id = ?", [.text(tenantID.rawValue)])?
                .strings("labels") ?? [:]
        }
    }

    /// The execution before this one that was for the same operation on the same generation; nil for a first try.
    public func predecessor(
        of subject: ComputeExecution.Subject
    ) async throws(RepositoryError) -> ComputeExecution.ID? {
        try await database.read { reader throws(RepositoryError) in
            try reader.first(
                """
                SELECT execution_id FROM compute_executions
                WHERE tenant_id = ? AND operation_type = ? AND generation = ? AND (attempt_epoch, attempt) < (?, ?)
                ORDER BY attempt_epoch DESC, attempt DESC LIMIT 1
                """,
                [
                    .text(subject.tenantID.rawValue), .text(subject.operation.rawValue),
                    .integer(subject.generation), .integer(subject.attemptEpoch), .integer(subject.attempt),
                ]
            )
            .map { row throws(RepositoryError) in ComputeExecution.ID(try row.text("execution_id")) }
        }
    }

    /// Executions that are not over and should stop.
    public func cancellationsRequested(limit: Int) async throws(RepositoryError) -> [ComputeExecution] {
        try await database.read { reader throws(RepositoryError) in
            try ComputeExecutionRow.executions(
                try reader.query(
                    """
                    \(Self.select) INDEXED BY compute_executions_unwanted
                    WHERE status IN ('pending', 'running') AND cancel_requested_at IS NOT NULL
                    ORDER BY cancel_requested_at LIMIT ?
                    """,
                    [.integer(PageLimit.clamped(limit))]))
        }
    }

    private static func page(_ executions: [ComputeExecution], limit: Int) -> Page<ComputeExecution> {
        Paging.page(executions, limit: limit) { execution in
            PageCursor(key: "\(execution.createdAt.millisecondsSinceEpoch)", id: execution.id.rawValue)
        }
    }

    private static func find(
        _ id: ComputeExecution.ID, _ reader: any SQLReader
    ) throws(RepositoryError) -> ComputeExecution? {
        guard let row = try reader.first("\(select) WHERE execution_id = ?", [.text(id.rawValue)]) else { return nil }
        return try ComputeExecutionRow.execution(row)
    }

    private static func change(_ execution: ComputeExecution) -> Change {
        .execution(id: execution.id.rawValue, tenantID: execution.tenantID.rawValue)
    }
}
