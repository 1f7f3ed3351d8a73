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
        /// What is wrong, as a sentence.
        public let message: String

        /// Makes a problem.
        public init(code: String, pointer: String, message: String) {
            self.code = code
            self.pointer = pointer
            self.message = message
        }
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
enum ProblemCode: String {
    case conflictingFields = "CONFLICTING_FIELDS"
    case definitionTooLarge = "DEFINITION_TOO_LARGE"
    case errorNames = "ERROR_NAMES"
    case invalidPath = "INVALID_PATH"
    case invalidTemplate = "INVALID_TEMPLATE"
    case invalidValue = "INVALID_VALUE"
    case missingField = "MISSING_FIELD"
    case missingTarget = "MISSING_TARGET"
    case nameTooLong = "NAME_TOO_LONG"
    case noTerminalState = "NO_TERMINAL_STATE"
    case notSupported = "NOT_SUPPORTED"
    case unknownField = "UNKNOWN_FIELD"
    case unreachableState = "UNREACHABLE_STATE"
    case wrongType = "WRONG_TYPE"
}

/// Gathers problems while a definition is read, so that an author sees all of them at once.
final class ProblemCollector {
    /// The most problems that are kept; a broken document of a megabyte must not answer with many.
    static let limit = 1_000

    private(set) var problems: [DefinitionError.Problem] = []

    func add(_ code: ProblemCode, _ pointer: JSONPointer, _ message: String) {
        guard problems.count < Self.limit else { return }
        problems.append(.init(code: code.rawValue, pointer: pointer.text, message: message))
    }
}
