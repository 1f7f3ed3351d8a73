public import StatesLanguage

/// What makes two dead letters alike: the same error at the same destination for the same operation.
///
/// A hundred dead letters are usually three causes. The message counts without what differs from one callback to the
/// next: numbers, identifiers and quoted texts.
public enum ErrorFingerprint {
    /// The cause of a failure, as sixteen hexadecimal digits.
    public static func of(
        _ failure: DeliveryFailure, host: String, operation: ComputeOperation
    ) -> String {
        let status = failure.statusCode.map { "\($0)" } ?? ""
        let words = [failure.code.rawValue, status, normalised(failure.message), host, operation.rawValue]
        return String(SHA256Digest.hex(of: words.joined(separator: "\n")).prefix(16))
    }

    /// A message without what differs from one callback to the next.
    public static func normalised(_ message: String) -> String {
        var result = ""
        var quote: Character?
        var word = ""
        for character in message {
            if let open = quote {
                if character == open { quote = nil }
                continue
            }
            if character.isLetter || character.isNumber || "-_".contains(character) {
                word.append(character)
                continue
            }
            // Within a word it is an apostrophe.
            let beginsQuote = (character == "'" || character == "\"") && word.isEmpty
            append(&word, to: &result)
            if beginsQuote {
                quote = character
                result.append("#")
            } else {
                result.append(character)
            }
        }
        append(&word, to: &result)
        return result
    }

    /// A word with a digit in it is a number or an identifier.
    private static func append(_ word: inout String, to result: inout String) {
        result += word.contains(where: \.isNumber) ? "#" : word
        word = ""
    }
}

/// Dead letters that are alike.
public struct CallbackCause: Sendable, Hashable, Identifiable {
    /// What they have in common: `ErrorFingerprint`.
    public let id: String
    /// The failure of the one that died last; the others differ in details at most.
    public let failure: DeliveryFailure
    /// The host, or the workflow provider, that they were for.
    public let host: String
    /// What their executions did.
    public let operation: ComputeOperation
    /// How many there are.
    public let count: Int
    /// When the first of them died.
    public let firstAt: Timestamp
    /// When the last of them died.
    public let lastAt: Timestamp

    /// Describes a cause.
    public init(
        id: String, failure: DeliveryFailure, host: String, operation: ComputeOperation, count: Int,
        firstAt: Timestamp, lastAt: Timestamp
    ) {
        self.id = id
        self.failure = failure
        self.host = host
        self.operation = operation
        self.count = count
        self.firstAt = firstAt
        self.lastAt = lastAt
    }

    /// Trying again may help without anything else being done.
    public var isRetriable: Bool { failure.isRetriable }
}
