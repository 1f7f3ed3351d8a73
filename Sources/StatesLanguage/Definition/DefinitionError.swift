/// All that is wrong with a definition, in the order of the document.
public struct DefinitionError: Error, Sendable, Hashable {
    /// The problems; never empty.
    public let problems: [Problem]

    /// One thing that is wrong with a definition.
    public struct Problem: Sendable, Hashable {
        /// The stable name of the rule, such as `MISSING_FIELD`.
        public let code: String
        /// The place as a JSON pointer, such as `/States/Check/Next`.
        public let pointer: String
        /// What is wrong, in the words of Step Functions where they are known.
        public let message: String
        /// The name Step Functions gives to such a problem, such as `SCHEMA_VALIDATION_FAILED`.
        public let awsCode: String
        /// The place as Step Functions names it, such as `/States/Check/Catch[0]/Next`.
        ///
        /// For a field that does not belong somewhere it is the object that has the field.
        public let awsLocation: String

        /// Makes a problem.
        public init(
            code: String, pointer: String, message: String, awsCode: String = "SCHEMA_VALIDATION_FAILED",
            awsLocation: String? = nil
        ) {
            self.code = code
            self.pointer = pointer
            self.message = message
            self.awsCode = awsCode
            self.awsLocation = awsLocation ?? pointer
        }

        /// The problem as Step Functions words it when a machine is created.
        public var diagnosis: String { "\(awsCode): \(message) at \(awsLocation)" }
    }

    /// Makes an error of problems.
    public init(problems: [Problem]) { self.problems = problems }
}

extension DefinitionError: CustomStringConvertible {
    /// The problems, one a line.
    public var description: String {
        problems.map { "\($0.pointer.isEmpty ? "/" : $0.pointer): \($0.message) (\($0.code))" }.joined(separator: "\n")
    }
}

/// The rules a definition can break.
enum ProblemCode: String, CaseIterable {
    case conflictingFields = "CONFLICTING_FIELDS"
    case definitionTooLarge = "DEFINITION_TOO_LARGE"
    case duplicateLabel = "DUPLICATE_LABEL"
    case duplicateState = "DUPLICATE_STATE"
    case errorNames = "ERROR_NAMES"
    case invalidJSONata = "INVALID_JSONATA"
    case invalidPath = "INVALID_PATH"
    case invalidTemplate = "INVALID_TEMPLATE"
    case invalidValue = "INVALID_VALUE"
    case invalidVariable = "INVALID_VARIABLE"
    case missingField = "MISSING_FIELD"
    case missingTarget = "MISSING_TARGET"
    case nameTooLong = "NAME_TOO_LONG"
    case noTerminalState = "NO_TERMINAL_STATE"
    case reservedVariable = "RESERVED_VARIABLE"
    case tooDeep = "TOO_DEEP"
    case unknownField = "UNKNOWN_FIELD"
    case unreachableState = "UNREACHABLE_STATE"
    case unsupportedJSONata = "UNSUPPORTED_JSONATA"
    case wrongQueryLanguage = "WRONG_QUERY_LANGUAGE"
    case wrongType = "WRONG_TYPE"

    /// The code of `ValidateStateMachineDefinitionDiagnostic` that covers the rule.
    var awsCode: String {
        switch self {
        case .duplicateLabel: "DUPLICATE_LABEL_NAME"
        case .duplicateState: "DUPLICATE_STATE_NAME"
        case .invalidJSONata: "INVALID_JSONATA_EXPRESSION"
        case .invalidVariable: "INVALID_VARIABLE_NAME"
        case .missingTarget, .unreachableState: "MISSING_TRANSITION_TARGET"
        case .nameTooLong: "INVALID_STATE_NAME"
        case .noTerminalState: "MISSING_END_STATE"
        case .reservedVariable: "RESERVED_VARIABLE_NAME"
        case .tooDeep: "TOO_DEEPLY_NESTED"
        case .unsupportedJSONata: "UNSUPPORTED_JSONATA_EXPRESSION"
        case .conflictingFields, .definitionTooLarge, .errorNames, .invalidPath, .invalidTemplate, .invalidValue,
            .missingField, .unknownField, .wrongQueryLanguage, .wrongType:
            "SCHEMA_VALIDATION_FAILED"
        }
    }
}

/// Gathers problems while a definition is read, so that an author sees all of them at once.
final class ProblemCollector {
    /// The most problems that are kept; a broken document of a megabyte must not answer with many.
    static let limit = 1_000

    private(set) var problems: [DefinitionError.Problem] = []
    /// The expressions that have been compiled on the way, by their texts: many stand in several places, and the linter
    /// asks for them once more.
    private(set) var expressions: KnownExpressions = [:]
    /// Whether the definition is only looked at, so that nothing of it will ever be evaluated.
    private let isForLint: Bool

    init(isForLint: Bool = false) { self.isForLint = isForLint }

    /// The expression of a text, which is compiled once.
    func expression(_ text: String) throws(JSONataError) -> JSONataExpression {
        let key = ByteKey(text: text)
        if let known = expressions[key] { return known }
        let expression =
            isForLint ? try JSONataExpression(checking: text) : try JSONataExpression(parsing: text)
        expressions[key] = expression
        return expression
    }

    /// Adds a problem; `holder` is the place Step Functions names where that is not the place itself.
    func add(_ code: ProblemCode, _ pointer: JSONPointer, _ message: String, holder: JSONPointer? = nil) {
        guard problems.count < Self.limit else { return }
        let place = code == .noTerminalState ? "null" : (holder ?? pointer).awsText
        problems.append(
            .init(
                code: code.rawValue, pointer: pointer.text, message: message, awsCode: code.awsCode, awsLocation: place)
        )
    }
}

extension JSONPointer {
    /// The fields of a definition that are arrays of objects; their numbers stand in brackets on Step Functions.
    private static let arrays: Set<Substring> = ["Retry", "Catch", "Choices", "Branches", "And", "Or"]

    /// A part of a pointer's text as the name that it stands for.
    static func unescaped(_ part: Substring) -> String {
        guard part.utf8.contains(UInt8(ascii: "~")) else { return String(part) }
        return String(part.replacing("~1", with: "/").replacing("~0", with: "~"))
    }

    /// The place as Step Functions writes it.
    fileprivate var awsText: String {
        var written = ""
        var previous: Substring = ""
        for part in text.split(separator: "/", omittingEmptySubsequences: true) {
            if Self.arrays.contains(previous), Int(part) != nil {
                written += "[\(part)]"
            } else {
                written += "/" + Self.unescaped(part)
            }
            previous = part
        }
        return written
    }
}
