import LandlordDomain
import LandlordEngine
import StatesLanguage

extension StoredTask {
    /// The task as scripts see it; who has a token can answer, so none is shown.
    var document: JSONValue {
        [
            "id": JSONValue(task.id),
            "run_id": .string(runID),
            "state": .string(task.stateName),
            "resource": .string(task.resource),
            "status": .string(status.rawValue),
            "attempt": JSONValue(task.attempt),
            "priority": JSONValue(task.priority),
            "semaphore": JSONValue(task.semaphore),
            "has_place": .bool(task.semaphore == nil || isAdmitted),
            "is_submitted": .bool(isSubmitted),
            "timeout_seconds": JSONValue(task.timeoutSeconds),
            "heartbeat_seconds": JSONValue(task.heartbeatSeconds),
            "worker": JSONValue(worker),
            "lease_until": JSONValue(leaseUntil),
            "asked_at": JSONValue(askedAt),
            "parameters": TokenRedaction.parameters(of: task),
        ]
    }
}

extension ActivityTask {
    /// The task as a worker gets it.
    var document: JSONValue {
        [
            "token": .string(token), "run_id": .string(runID), "input": input, "lease_until": JSONValue(leaseUntil),
        ]
    }
}

extension ActivitySummary {
    /// The activity as scripts see it.
    var document: JSONValue {
        [
            "name": .string(name), "waiting": JSONValue(waitingCount), "taken": JSONValue(takenCount),
            "oldest_waiting_since": JSONValue(oldestWaitingSince),
        ]
    }
}

extension StoredSignal {
    /// The signal as scripts see it.
    var document: JSONValue {
        [
            "name": .string(signal.name), "correlation": JSONValue(signal.correlation), "key": .string(signal.key),
            "data": signal.payload, "sender": .string(signal.sender), "sent_at": JSONValue(sentAt),
            "taken_by_task": JSONValue(task),
        ]
    }
}

extension SemaphoreSummary {
    /// The limit as scripts see it.
    var document: JSONValue {
        [
            "name": .string(name), "capacity": JSONValue(capacity), "in_use": JSONValue(heldCount),
            "waiting": JSONValue(waitingCount),
        ]
    }
}
