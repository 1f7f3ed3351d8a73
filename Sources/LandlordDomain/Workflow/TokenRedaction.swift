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
    public static func without(_ value: JSONValue, tokens: Set<String> = []) -> JSONValue {
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
    public static func without(_ event: HistoryEvent, tokens: Set<String>) -> HistoryEvent {
        HistoryEvent(
            id: event.id, previousEventID: event.previousEventID, type: event.type, timestamp: event.timestamp,
            details: without(event.details, tokens: tokens))
    }

    /// What a task was asked with, without its token.
    public static func parameters(of task: ScheduledTask) -> JSONValue {
        without(task.parameters, tokens: task.token.map { [$0] } ?? [])
    }

    /// What looks like a token in a value, wherever it stands.
    public static func candidates(in value: JSONValue) -> Set<String> {
        let bytes = value.serializedBytes()
        let words = bytes.split { !isDigit($0) }.filter { $0.count == tokenLength }
        return Set(words.map { String(decoding: $0, as: UTF8.self) })
    }

    /// How long a token is, in hexadecimal digits: a SHA-256.
    private static let tokenLength = 64

    private static func without(_ text: String, _ tokens: Set<String>) -> String {
        let text = hiding(tokens, in: text)
        guard text.first == "{" || text.first == "[", text.lowercased().contains("token") else { return text }
        // A text that is not JSON is a person's text.
        guard let value = try? JSONValue(parsing: text) else { return text }
        return without(value).serialized()
    }

    /// The text with tokens hidden, in one pass however many there are: a Map may wait for thousands.
    private static func hiding(_ tokens: Set<String>, in text: String) -> String {
        let bytes = Array(text.utf8)
        guard !tokens.isEmpty, bytes.count >= tokenLength else { return text }
        var (shown, digitCount) = ([UInt8](), 0)
        for byte in bytes {
            shown.append(byte)
            digitCount = isDigit(byte) ? digitCount + 1 : 0
            guard digitCount >= tokenLength,
                tokens.contains(String(decoding: shown.suffix(tokenLength), as: UTF8.self))
            else { continue }
            shown.removeLast(tokenLength)
            shown += mark.utf8
            digitCount = 0
        }
        return String(decoding: shown, as: UTF8.self)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
}
