public import StatesLanguage

/// Takes the tokens of tasks out of a run's history.
public enum TokenRedaction {
    /// What stands in the place of a token.
    static let mark = "********"

    /// The same value with every token replaced, in the JSON that events hold as text too.
    public static func without(_ value: JSONValue) -> JSONValue {
        switch value {
        case .null, .bool, .number: return value
        case .string(let text): return .string(without(text))
        case .array(let items): return .array(items.map(without))
        case .object(let members):
            return .object(
                JSONObject(
                    members.map { member in
                        let isToken = member.key.lowercased().contains("token")
                        return (member.key, isToken ? .string(mark) : without(member.value))
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
