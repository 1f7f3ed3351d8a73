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
        document["input"] = input
        document["output"] = output ?? .null
        return document
    }
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

/// Takes the tokens of tasks out of a run's history.
enum TokenRedaction {
    /// The same value with every token replaced, in the JSON that events hold as text too.
    static func without(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .number: return value
        case .string(let text): return .string(without(text))
        case .array(let items): return .array(items.map(without))
        case .object(let members):
            return .object(
                JSONObject(
                    members.map { member in
                        let isToken = member.key.lowercased().contains("token")
                        return (member.key, isToken ? .string(Redaction.mark) : without(member.value))
                    }))
        }
    }

    private static func without(_ text: String) -> String {
        guard text.first == "{" || text.first == "[", text.lowercased().contains("token") else { return text }
        // A text that is not JSON is a person's text.
        guard let value = try? JSONValue(parsing: text) else { return text }
        return without(value).serialized()
    }
}
