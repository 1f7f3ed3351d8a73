import LandlordDomain
import LandlordEngine
import StatesLanguage

extension WorkflowRun {
    /// The run as scripts see it, without what it was given and what it made.
    var document: JSONValue {
        [
            "id": .string(id),
            "workflow_id": .string(workflowID),
            "definition_version": JSONValue(definitionVersion),
            "status": .string(status.rawValue),
            "sub_state": .string(subState.rawValue),
            "control": JSONValue(control?.rawValue),
            "current_state": JSONValue(currentState),
            "retry_count": JSONValue(retryCount),
            "wake_at": JSONValue(wakeAt),
            "error_code": JSONValue(error?.code),
            "error_message": JSONValue(error?.message),
            "tenant_id": JSONValue(tenantID?.rawValue),
            "triggered_by": .string(trigger),
            "event_count": JSONValue(eventCount),
            "created_at": JSONValue(createdAt),
            "updated_at": JSONValue(updatedAt),
            "ended_at": JSONValue(endedAt),
        ]
    }

    /// The run with its input and output.
    var fullDocument: JSONValue {
        var document = document
        document["input"] = visibleInput
        document["output"] = visibleOutput ?? .null
        return document
    }

    /// The input without tokens: a run may have been given that of the task that has started it.
    var visibleInput: JSONValue { TokenRedaction.without(input) }

    /// The output without tokens.
    var visibleOutput: JSONValue? { output.map { TokenRedaction.without($0) } }
}

extension HistoryEvent {
    /// The event as scripts see it.
    ///
    /// Who has a task's token can answer for the task, so no token is shown.
    var document: JSONValue {
        [
            "id": JSONValue(id),
            "previous_event_id": JSONValue(previousEventID),
            "type": .string(type.rawValue),
            "details": TokenRedaction.without(details),
            "timestamp": JSONValue(timestamp),
        ]
    }
}

extension WorkflowSummary {
    /// The workflow as scripts see it.
    var document: JSONValue {
        [
            "workflow_id": .string(workflowID),
            "newest_version": JSONValue(newestVersion),
            "runs_in_flight": JSONValue(inFlightCount),
            "drained_by": JSONValue(drain?.actor),
            "drain_reason": JSONValue(drain?.reason),
            "drained_at": JSONValue(drain?.at),
        ]
    }
}

extension WorkflowAdmission {
    /// The line as scripts see it.
    var document: JSONValue {
        [
            "verb": .string(verb.rawValue), "actor": .string(actor), "reason": .string(reason),
            "timestamp": JSONValue(at),
        ]
    }
}
