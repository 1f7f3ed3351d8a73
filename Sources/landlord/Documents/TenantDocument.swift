import LandlordDomain
import StatesLanguage

extension Tenant {
    /// The tenant as scripts see it; the names of the fields are a contract.
    var document: JSONValue {
        [
            "id": .string(id.rawValue),
            "name": .string(name),
            "status": .string(status.rawValue),
            "status_message": .string(statusMessage),
            "status_since": JSONValue(statusSince),
            "generation": JSONValue(generation),
            "observed_generation": JSONValue(observedGeneration),
            "version": JSONValue(version),
            "provider": JSONValue(desired.provider),
            "labels": .strings(labels),
            "annotations": .strings(annotations),
            "endpoints": .array(endpoints.map(\.json)),
            "resource_ids": .strings(resourceIDs),
            "desired_config": desired.document,
            "observed_config": observed?.document ?? .null,
            "workflow_execution": run?.document ?? .null,
            "retry_count": JSONValue(retryCount),
            "next_attempt_at": JSONValue(nextAttemptAt),
            "drift": JSONValue(drift),
            "drift_checked_at": JSONValue(driftCheckedAt),
            "created_at": JSONValue(createdAt),
            "updated_at": JSONValue(updatedAt),
        ]
    }
}

extension TenantRun {
    /// The run as the tenant's row remembers it.
    var document: JSONValue {
        [
            "id": .string(executionID),
            "operation_type": .string(operation.rawValue),
            "generation": JSONValue(generation),
            "sub_state": JSONValue(subState?.rawValue),
            "retry_count": JSONValue(retryCount),
            "error_message": JSONValue(errorMessage),
        ]
    }
}

extension TenantTransition {
    /// A line of history as scripts see it.
    var document: JSONValue {
        [
            "from_status": JSONValue(from?.rawValue),
            "to_status": .string(to.rawValue),
            "reason": .string(reason),
            "triggered_by": .string(triggeredBy),
            "desired_config": desired,
            "observed_config": observed ?? .null,
            "created_at": JSONValue(createdAt),
        ]
    }
}

extension Plan {
    /// The difference as scripts see it.
    var document: JSONValue {
        .array(
            changes.map { change in
                ["path": .string(change.path), "before": change.before ?? .null, "after": change.after ?? .null]
            })
    }

    /// The difference for people.
    var table: TextTable {
        TextTable(["FIELD", "NOW", "THEN"], changes) { change in
            [change.path, change.before?.serialized() ?? "", change.after?.serialized() ?? ""]
        }
    }
}
