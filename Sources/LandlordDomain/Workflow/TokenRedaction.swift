public import StatesLanguage

/// Takes the tokens of tasks out of a run's history.
public enum TokenRedaction {
    /// What stands in the place of a token.
    static let mark = "********"

    /// The same value with every token replaced, in the JSON that events hold as text too.
    ///
    /// - Parameters:
    ///   - value: What is shown.
    ///   - tokens: Tokens that are known, which are found under any name and in the middle of any text; others are
    ///     found by the name of their field.
    /// - Returns: The value to show.
    public static func without(_ value: JSONValue, tokens: [String] = []) -> JSONValue {
        switch value {
        case .null, .bool, .number: return value
        case .string(let text): return .string(without(text, tokens))
        case .array(let items): return .array(items.map { without($0, tokens: tokens) })
        case .object(let members):
            return .object(
                JSONObject(
                    members.map { member in
                        let isToken = member.key.lowercased().contains("token")
                        return (member.key, isToken ? .string(mark) : without(member.value, tokens: tokens))
                    }))
        }
    }

    /// The same event with every token replaced.
    public static func without(_ event: HistoryEvent, tokens: [String]) -> HistoryEvent {
        HistoryEvent(
            id: event.id, previousEventID: event.previousEventID, type: event.type, timestamp: event.timestamp,
            details: without(event.details, tokens: tokens))
    }

    /// What a task was asked with, without its token.
    public static func parameters(of task: ScheduledTask) -> JSONValue {
        without(task.parameters, tokens: [task.token].compactMap { $0 })
    }

    private static func without(_ text: String, _ tokens: [String]) -> String {
        let text = tokens.reduce(text) { $0.replacing($1, with: mark) }
        guard text.first == "{" || text.first == "[", text.lowercased().contains("token") else { return text }
        // A text that is not JSON is a person's text.
        guard let value = try? JSONValue(parsing: text) else { return text }
        return without(value).serialized()
    }
}
