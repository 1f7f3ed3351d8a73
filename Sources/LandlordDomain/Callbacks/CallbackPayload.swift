public import StatesLanguage

/// The result of a compute execution on its way to whoever waits for it.
///
/// One type for every destination; the field names are those of the JSON that is sent.
public struct CallbackPayload: Sendable, Hashable {
    /// The execution that ended.
    public let executionID: ComputeExecution.ID
    /// The run that waits; nil where nobody does.
    public let workflowExecutionID: String?
    /// Whose compute.
    public let tenantID: Tenant.ID
    /// What the tenant is called.
    public let tenantName: String
    /// What was done.
    public let operation: ComputeOperation
    /// How it ended.
    public let status: ComputeExecutionStatus
    /// What exists now.
    public let result: ComputeResult
    /// Why it failed.
    public let error: ComputeError?
    /// Which try of the run this was, from 1.
    public let attempt: Int
    /// When the provider was asked.
    public let startedAt: Timestamp?
    /// When it ended.
    public let endedAt: Timestamp?

    /// The payload of an execution that has ended.
    public init(_ execution: ComputeExecution) {
        executionID = execution.id
        workflowExecutionID = execution.workflowExecutionID
        tenantID = execution.tenantID
        tenantName = execution.tenantName
        operation = execution.operation
        status = execution.status
        result = ComputeResult(
            resourceIDs: execution.resourceIDs, endpoints: execution.endpoints, changes: execution.changes)
        error = execution.error
        attempt = execution.subject.attempt
        startedAt = execution.startedAt
        endedAt = execution.endedAt
    }

    /// The document that is stored and sent.
    public var json: JSONValue {
        var fields: JSONObject = [
            "execution_id": .string(executionID.rawValue),
            "workflow_execution_id": workflowExecutionID.map { .string($0) } ?? .null,
            "tenant_id": .string(tenantID.rawValue),
            "tenant": .string(tenantName),
            "operation": .string(operation.rawValue),
            "status": .string(status.rawValue),
            "resource_ids": .strings(result.resourceIDs),
            "endpoints": .array(result.endpoints.map(\.json)),
            "changes": .array(result.changes.map { .string($0) }),
        ]
        fields["error"] = error.map(Self.describe) ?? .null
        fields["attempt"] = .number(JSONNumber(attempt))
        fields["started_at"] = startedAt.map { .string($0.rfc3339) } ?? .null
        fields["ended_at"] = endedAt.map { .string($0.rfc3339) } ?? .null
        if let startedAt, let endedAt {
            let milliseconds = endedAt.millisecondsSinceEpoch - startedAt.millisecondsSinceEpoch
            fields["duration_milliseconds"] = .number(JSONNumber(milliseconds))
        } else {
            fields["duration_milliseconds"] = .null
        }
        return .object(fields)
    }

    private static func describe(_ error: ComputeError) -> JSONValue {
        [
            "code": .string(error.code.rawValue),
            "message": .string(error.message),
            "class": .string(error.errorClass.rawValue),
            "is_retriable": .bool(error.isRetriable),
            "provider_error": error.providerError.map { .string($0) } ?? .null,
        ]
    }
}
