import LandlordDomain
import LandlordEngine
import StatesLanguage

extension Callback {
    /// The callback as scripts see it, without the payload; the names of the fields are a contract.
    var document: JSONValue {
        [
            "id": .string(id.rawValue),
            "execution_id": .string(executionID.rawValue),
            "tenant": .string(tenantName),
            "tenant_id": .string(tenantID.rawValue),
            "operation_type": .string(operation.rawValue),
            "destination": .string(destination.title),
            "status": .string(status.rawValue),
            "attempts": JSONValue(attempts),
            "attempt_limit": JSONValue(attemptLimit),
            "next_attempt_at": status == .pending ? JSONValue(nextAttemptAt) : .null,
            "last_error": JSONValue(lastError),
            "last_error_code": JSONValue(failure?.code.rawValue),
            "last_status_code": JSONValue(failure?.statusCode),
            "is_retriable": failure.map { .bool($0.isRetriable) } ?? .null,
            "workflow_status": JSONValue(workflowStatus?.rawValue),
            "created_at": JSONValue(createdAt),
            "first_attempt_at": JSONValue(firstAttemptAt),
            "last_attempt_at": JSONValue(lastAttemptAt),
            "settled_at": JSONValue(settledAt),
        ]
    }

    /// The callback with what it says and what operators did to it.
    func fullDocument(audit: [CallbackAuditEntry]) -> JSONValue {
        var document = document
        document["payload"] = payload
        document["audit"] = .array(audit.map(\.document))
        return document
    }

    /// What an operator must know of a dead letter before anything else.
    var warning: String? {
        guard status == .dead else { return nil }
        return refusal(of: .redrive)?.words(for: .redrive)
    }
}

extension CallbackAttempt {
    /// An attempt as scripts see it.
    var document: JSONValue {
        [
            "number": JSONValue(number),
            "outcome": .string(outcome.rawValue),
            "status_code": JSONValue(statusCode),
            "error_code": JSONValue(errorCode?.rawValue),
            "error": JSONValue(error),
            "response_excerpt": JSONValue(responseExcerpt),
            "started_at": JSONValue(startedAt),
            "ended_at": JSONValue(endedAt),
            "duration_milliseconds": JSONValue(duration.milliseconds),
        ]
    }
}

extension CallbackAuditEntry {
    /// What an operator did, as scripts see it.
    var document: JSONValue {
        [
            "verb": .string(verb.rawValue),
            "actor": .string(actor),
            "reason": .string(reason),
            "operation_id": JSONValue(operationID?.rawValue),
            "created_at": JSONValue(at),
        ]
    }
}

extension CallbackOperation {
    /// A bulk operation as scripts see it.
    var document: JSONValue {
        [
            "id": .string(id.rawValue),
            "verb": .string(request.verb.rawValue),
            "filter": .string(request.filter),
            "actor": .string(request.actor),
            "reason": .string(request.reason),
            "max_retries": JSONValue(request.retryLimit),
            "rate": JSONValue(request.rate),
            "canary": .bool(request.isCanary),
            "status": .string(status.rawValue),
            "total": JSONValue(total),
            "applied": JSONValue(applied),
            "skipped": JSONValue(skipped),
            "note": .string(note),
            "created_at": JSONValue(createdAt),
            "updated_at": JSONValue(updatedAt),
            "ended_at": JSONValue(endedAt),
        ]
    }
}

extension CallbackPreview {
    /// What a bulk operation would do, as scripts see it.
    func document(_ verb: CallbackVerb) -> JSONValue {
        [
            "verb": .string(verb.rawValue),
            "dry_run": true,
            "count": JSONValue(count),
            "workflow_ended": JSONValue(ended),
            "causes": .array(causes.map(\.document)),
        ]
    }
}

extension CallbackCause {
    /// Dead letters that are alike, as scripts see them.
    var document: JSONValue {
        [
            "cause": .string(id),
            "error_code": .string(failure.code.rawValue),
            "status_code": JSONValue(failure.statusCode),
            "message": .string(failure.message),
            "destination": .string(host),
            "operation_type": .string(operation.rawValue),
            "count": JSONValue(count),
            "is_retriable": .bool(isRetriable),
            "first_at": JSONValue(firstAt),
            "last_at": JSONValue(lastAt),
        ]
    }
}

extension Duration {
    /// The duration in whole milliseconds.
    var milliseconds: Int { Int(components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000) }
}
