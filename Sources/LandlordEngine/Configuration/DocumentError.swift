public import LandlordDomain

/// One thing that is wrong with a document that a person wrote, with the place to look at.
public struct DocumentProblem: Sendable, Hashable, CustomStringConvertible {
    /// The kind of the problem, for programs.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The document cannot be read at all: not there, not a file, no permission.
        case unreadable = "DOCUMENT_UNREADABLE"
        /// The document, or what its aliases stand for, is too large or too deep.
        case tooLarge = "DOCUMENT_TOO_LARGE"
        /// The text is not YAML, or uses a part of YAML that is refused here.
        case syntax = "DOCUMENT_SYNTAX"
        /// A field is unknown, missing, of the wrong type or outside its limits.
        case invalid = "DOCUMENT_INVALID"
    }

    /// The kind of the problem.
    public let code: Code
    /// The file as the person named it; `-` for the standard input.
    public let file: String
    /// The line, counted from one; nil where the problem is the document as a whole.
    public let line: Int?
    /// The field in the words of the document, such as `compute.containers[0].image`; empty for the document as a
    /// whole.
    public let field: String
    /// What is wrong and what would be right, without the place.
    public let message: String

    /// Names a problem.
    public init(_ code: Code, file: String, line: Int? = nil, field: String = "", _ message: String) {
        self.code = code
        self.file = file
        self.line = line
        self.field = field
        self.message = message
    }

    /// The place and the message on one line, as compilers print them.
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return field.isEmpty ? "\(place): \(message)" : "\(place): \(field): \(message)"
    }
}

/// A document that cannot be accepted, with everything that is wrong with it.
public struct DocumentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Every problem, in the order of the document; there is at least one.
    public let problems: [DocumentProblem]

    /// Gathers problems.
    public init(_ problems: [DocumentProblem]) {
        self.problems = problems
    }

    /// Names one problem.
    init(_ code: DocumentProblem.Code, file: String, line: Int? = nil, field: String = "", _ message: String) {
        problems = [DocumentProblem(code, file: file, line: line, field: field, message)]
    }

    /// The kind of the first problem, which decides the exit code.
    public var code: DocumentProblem.Code { problems.first?.code ?? .invalid }

    /// The broken rules alone, for a caller that does not show places.
    public var violations: [Violation] { problems.map { Violation($0.field, $0.message) } }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
