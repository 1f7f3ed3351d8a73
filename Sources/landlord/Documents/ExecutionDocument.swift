import LandlordDomain
import StatesLanguage

extension ComputeExecution {
    /// The execution as scripts see it; the names of the fields are a contract.
    ///
    /// The task's token is nobody's business.
    var document: JSONValue {
        [
            "execution_id": .string(id.rawValue),
            "tenant": .string(tenantName),
            "tenant_id": .string(tenantID.rawValue),
            "workflow_execution_id": JSONValue(workflowExecutionID),
            "operation_type": .string(operation.rawValue),
            "generation": JSONValue(subject.generation),
            "attempt_epoch": JSONValue(subject.attemptEpoch),
            "attempt": JSONValue(subject.attempt),
            "provider": .string(provider),
            "status": .string(status.rawValue),
            "progress": JSONValue(progress),
            "resource_ids": .strings(resourceIDs),
            "endpoints": .array(endpoints.map(\.json)),
            "changes": .array(changes.map { .string($0) }),
            "error_code": JSONValue(error?.code.rawValue),
            "error_message": JSONValue(error?.message),
            "error_class": JSONValue(error?.errorClass.rawValue),
            "provider_error": JSONValue(error?.providerError),
            "cancel_requested_at": JSONValue(cancelRequestedAt),
            "cancel_reason": JSONValue(cancelReason),
            "created_at": JSONValue(createdAt),
            "started_at": JSONValue(startedAt),
            "ended_at": JSONValue(endedAt),
            "updated_at": JSONValue(updatedAt),
        ]
    }
}

extension ComputeExecutionEntry {
    /// A line of history as scripts see it.
    var document: JSONValue {
        ["status": .string(status.rawValue), "details": details, "timestamp": JSONValue(timestamp)]
    }
}
