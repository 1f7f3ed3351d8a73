import LandlordDomain
import StatesLanguage

extension Callback {
    /// The callback as scripts see it, without the payload; the names of the fields are a contract.
    var document: JSONValue {
        [
            "id": .string(id.rawValue),
            "execution_id": .string(executionID.rawValue),
            "tenant": .string(tenantName),
            "tenant_id": .string(tenantID.rawValue),
            "destination": .string(destination.title),
            "status": .string(status.rawValue),
            "attempts": JSONValue(attempts),
            "attempt_limit": JSONValue(attemptLimit),
            "next_attempt_at": status == .pending ? JSONValue(nextAttemptAt) : .null,
            "last_error": JSONValue(lastError),
            "created_at": JSONValue(createdAt),
            "last_attempt_at": JSONValue(lastAttemptAt),
        ]
    }

    /// The callback with what it says.
    var fullDocument: JSONValue {
        var document = document
        document["payload"] = payload
        return document
    }
}

extension CallbackAttempt {
    /// An attempt as scripts see it.
    var document: JSONValue {
        [
            "number": JSONValue(number),
            "outcome": .string(outcome.rawValue),
            "status_code": JSONValue(statusCode),
            "error": JSONValue(error),
            "started_at": JSONValue(startedAt),
            "ended_at": JSONValue(endedAt),
        ]
    }
}
