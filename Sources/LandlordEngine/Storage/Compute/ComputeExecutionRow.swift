import LandlordDomain
import StatesLanguage

/// A row of `compute_executions`, and the way from and to the domain's execution.
enum ComputeExecutionRow {
    /// What `execution` reads.
    static let columns = """
        execution_id, tenant_id, tenant_name, workflow_execution_id, operation_type, status, provider, generation, \
        attempt_epoch, attempt, config, config_hash, task_token, progress, resource_ids, endpoints, changes, \
        error_code, error_message, provider_error, cancel_requested_at, cancel_reason, created_at, started_at, \
        ended_at, updated_at
        """

    static let insert = """
        INSERT INTO compute_executions (execution_id, tenant_id, tenant_name, workflow_execution_id, operation_type,
            provider, generation, attempt_epoch, attempt, config, config_hash, task_token, created_at,
            \(changing.joined(separator: ", ")))
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \(changing.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (execution_id) DO NOTHING
        """

    static let update = """
        UPDATE compute_executions SET \(changing.map { "\($0) = ?" }.joined(separator: ", "))
        WHERE execution_id = ? AND status = ?
        """

    /// The columns that a step of the execution changes; the cancel request belongs to whoever asks for it.
    private static let changing = [
        "status", "progress", "resource_ids", "endpoints", "changes", "error_code", "error_message", "error_class",
        "provider_error", "started_at", "ended_at", "updated_at",
    ]

    static func fixedValues(_ execution: ComputeExecution) -> [SQLValue] {
        [
            .text(execution.id.rawValue), .text(execution.tenantID.rawValue), .text(execution.tenantName),
            .optional(execution.workflowExecutionID), .text(execution.operation.rawValue), .text(execution.provider),
            .integer(execution.subject.generation), .integer(execution.subject.attemptEpoch),
            .integer(execution.subject.attempt), .json(execution.config.document), .text(execution.config.hash),
            .optional(execution.taskToken), .timestamp(execution.createdAt),
        ]
    }

    static func changingValues(_ execution: ComputeExecution) -> [SQLValue] {
        [
            .text(execution.status.rawValue), .optional(execution.progress), .strings(execution.resourceIDs),
            .endpoints(execution.endpoints), .json(.array(execution.changes.map { .string($0) })),
            .optional(execution.error?.code.rawValue), .optional(execution.error?.message),
            .optional(execution.error?.errorClass.rawValue), .optional(execution.error?.providerError),
            .optional(execution.startedAt), .optional(execution.endedAt), .timestamp(execution.updatedAt),
        ]
    }

    static func execution(_ row: SQLRow) throws(RepositoryError) -> ComputeExecution {
        let execution = ComputeExecution(
            subject: ComputeExecution.Subject(
                tenantID: Tenant.ID(try row.text("tenant_id")), operation: try row.enumeration("operation_type"),
                generation: try row.count("generation"), attemptEpoch: try row.count("attempt_epoch"),
                attempt: try row.count("attempt")),
            tenantName: try row.text("tenant_name"), workflowExecutionID: try row.optionalText("workflow_execution_id"),
            taskToken: try row.optionalText("task_token"), provider: try row.text("provider"),
            config: TenantConfig(document: try row.json("config"), hash: try row.text("config_hash")),
            status: try row.enumeration("status"), progress: try row.optionalText("progress"),
            resourceIDs: try row.strings("resource_ids"), endpoints: try row.endpoints("endpoints"),
            changes: try changes(row), error: try error(row),
            cancelRequestedAt: try row.optionalTimestamp("cancel_requested_at"),
            cancelReason: try row.optionalText("cancel_reason"), createdAt: try row.timestamp("created_at"),
            startedAt: try row.optionalTimestamp("started_at"), endedAt: try row.optionalTimestamp("ended_at"),
            updatedAt: try row.timestamp("updated_at"))
        guard try row.text("execution_id") == execution.id.rawValue else {
            throw try row.unreadable("execution_id", "the identifier that follows from its tenant and operation")
        }
        return execution
    }

    static func executions(_ rows: [SQLRow]) throws(RepositoryError) -> [ComputeExecution] {
        var executions: [ComputeExecution] = []
        executions.reserveCapacity(rows.count)
        for row in rows { executions.append(try execution(row)) }
        return executions
    }

    private static func changes(_ row: SQLRow) throws(RepositoryError) -> [String] {
        guard let items = try row.json("changes").arrayValue else { throw try row.unreadable("changes", "a list") }
        return items.compactMap(\.stringValue)
    }

    private static func error(_ row: SQLRow) throws(RepositoryError) -> ComputeError? {
        guard let code = try row.optionalEnumeration("error_code", ComputeError.Code.self) else { return nil }
        return ComputeError(
            code, try row.text("error_message"), providerError: try row.optionalText("provider_error"))
    }
}

/// A row of `compute_execution_history`.
enum ComputeExecutionEntryRow {
    /// Appends a line: the execution's key, its next number, then what happened.
    static func append(
        _ entry: ComputeExecutionEntry, _ transaction: any SQLTransaction
    ) throws(RepositoryError) {
        let count = try transaction.execute(
            """
            INSERT INTO compute_execution_history (compute_execution_id, sequence, status, details, timestamp)
            SELECT id, (SELECT coalesce(max(sequence), 0) + 1 FROM compute_execution_history
                WHERE compute_execution_id = compute_executions.id), ?, ?, ?
            FROM compute_executions WHERE execution_id = ?
            """,
            [
                .text(entry.status.rawValue), .json(entry.details), .timestamp(entry.timestamp),
                .text(entry.executionID.rawValue),
            ])
        guard count == 1 else { throw .notFound }
    }

    static func entry(_ row: SQLRow, of id: ComputeExecution.ID) throws(RepositoryError) -> ComputeExecutionEntry {
        ComputeExecutionEntry(
            executionID: id, status: try row.enumeration("status"), details: try row.json("details"),
            timestamp: try row.timestamp("timestamp"))
    }
}
