/// One thing that the linter has to say about a definition.
public struct LintFinding: Sendable, Hashable {
    /// How much a finding matters.
    public enum Severity: String, Sendable, Hashable, CaseIterable {
        /// Step Functions refuses the definition.
        case error
        /// Step Functions takes the definition, but it will probably not do what its author wants.
        case warning
        /// There is a better way.
        case info
    }

    /// The stable name of the rule, such as `MISSING_TARGET`.
    public let code: String
    /// How much it matters.
    public let severity: Severity
    /// The place as a JSON pointer, such as `/States/Check/Next`; empty for the whole document.
    public let pointer: String
    /// What is wrong; of an error, in the words of Step Functions where they are known.
    public let message: String
    /// What to do instead, where that is known.
    public let suggestion: String?
    /// The line of the place in the text, counted from 1, when the linter was given a text.
    public internal(set) var line: Int?
    /// The column of the place in the text, counted in characters from 1.
    public internal(set) var column: Int?

    init(
        _ code: String, _ severity: Severity, at pointer: String, _ message: String, suggestion: String? = nil,
        line: Int? = nil, column: Int? = nil
    ) {
        self.code = code
        self.severity = severity
        self.pointer = pointer
        self.message = message
        self.suggestion = suggestion
        self.line = line
        self.column = column
    }

    /// A text that cannot be read at all, in whatever form it is written.
    public static func unreadable(_ message: String, line: Int?) -> LintFinding {
        LintFinding("INVALID_JSON", .error, at: "", message, line: line, column: line.map { _ in 1 })
    }

    /// The finding as a document.
    public var json: JSONValue {
        [
            "code": .string(code), "severity": .string(severity.rawValue), "pointer": .string(pointer),
            "line": line.map { .number(JSONNumber($0)) } ?? .null,
            "column": column.map { .number(JSONNumber($0)) } ?? .null, "message": .string(message),
            "suggestion": suggestion.map(JSONValue.string) ?? .null,
        ]
    }

    /// The same finding at a place of another text, such as the YAML that the definition was written in.
    public func placed(line: Int?, column: Int?) -> LintFinding {
        var placed = self
        (placed.line, placed.column) = (line, column)
        return placed
    }
}
