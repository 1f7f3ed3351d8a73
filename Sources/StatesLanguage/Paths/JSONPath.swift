/// A compiled JSONPath, as Step Functions accepts it in input and output processing.
///
/// The dialect is that of Jayway's JsonPath in the age that AWS shows in its error texts: a *definite* path (members
/// and single indexes) names exactly one node, and it is an error when that is not there; several names in one pair of
/// brackets pick an object's members into a smaller object and end the path; any other path gives an array, which may
/// be empty. Functions such as `length()` are read, but as names that no object has.
struct JSONPath: Sendable, Hashable {
    /// What a path starts from.
    enum Root: Sendable, Hashable {
        /// The data of the state: `$`; inside a filter, the document that the whole path is applied to.
        case input
        /// The context object: `$$`.
        case context
        /// A workflow variable: `$name`.
        case variable(String)
        /// The node that a filter looks at: `@`.
        case current
    }

    /// One step from nodes to nodes.
    indirect enum Step: Sendable, Hashable {
        case member(String)
        case members([String])
        case index(Int)
        case indexes([Int])
        case slice(from: Int?, to: Int?)
        case wildcard
        case filter(PathFilter)
        /// The step, from the node and from everything below it: `..`.
        case descend(Step)
    }

    /// The most nodes a path may select.
    static let nodeLimit = 100_000
    /// The most nodes a path may look at while it selects, those in its filters included.
    static let visitLimit = 1_000_000
    /// The most steps a path may have.
    static let stepLimit = 1_000

    let text: String
    let root: Root
    let steps: [Step]

    /// The number of leading steps that each lead to a single node.
    let definiteCount: Int

    init(text: String, root: Root, steps: [Step]) {
        self.text = text
        self.root = root
        self.steps = steps
        definiteCount = steps.prefix { $0.isDefinite }.count
    }

    /// Parses a whole text as a path.
    init(parsing text: String) throws(PathSyntaxError) {
        var scanner = TextScanner(text)
        self = try JSONPath(scanning: &scanner)
        guard scanner.isAtEnd else { throw scanner.error("unexpected text in the path") }
    }

    /// Whether the path names exactly one node, which is what makes it a reference path.
    var isDefinite: Bool { definiteCount == steps.count }

    /// Whether the path is the whole input, `$`.
    var isWholeInput: Bool { root == .input && steps.isEmpty }
}

extension JSONPath.Step {
    var isDefinite: Bool {
        switch self {
        case .member, .index: true
        case .members, .indexes, .slice, .wildcard, .filter, .descend: false
        }
    }

    /// How an error message writes the step.
    var fragment: String {
        switch self {
        case .member(let name): "['\(name)']"
        case .members(let names): "[" + names.map { "'\($0)'" }.joined(separator: ", ") + "]"
        case .index(let index): "[\(index)]"
        case .indexes(let indexes): "[" + indexes.map(String.init).joined(separator: ",") + "]"
        case .slice(let from, let to): "[\(from.map(String.init) ?? ""):\(to.map(String.init) ?? "")]"
        case .wildcard: "[*]"
        case .filter: "[?]"
        case .descend(let step): ".." + step.fragment
        }
    }
}

// MARK: Values

/// Why a path has no value.
struct PathMissing: Error, Sendable, Hashable {
    enum Reason: Sendable, Hashable {
        /// There is no such node.
        case missing
        /// The input is null, which AWS applies no path to.
        case nullInput
        /// The path selects or looks at too much, or cannot be applied at all.
        case unusable
    }

    let message: String
    var reason = Reason.missing

    static let nullInput = PathMissing(
        message: "Unable to apply Path transformation to null or empty input.", reason: .nullInput)
}

extension JSONPath {
    /// The node the path names, or what it selects.
    func value(in scope: Scope) throws(PathMissing) -> JSONValue {
        switch root {
        case .input, .current:
            if case .null = scope.input { throw .nullInput }
            return try resolved(from: scope.input)
        case .context: return try resolved(from: scope.context.value)
        case .variable(let name):
            guard let value = scope.variables[name] else {
                throw PathMissing(message: "The variable '$\(name)' has no value")
            }
            return try resolved(from: value)
        }
    }

    /// The value, for a field whose path must be there: a failure says it in AWS's words.
    func requiredValue(in scope: Scope) throws(StateError) -> JSONValue {
        do {
            return try value(in: scope)
        } catch {
            let cause = error.reason == .nullInput ? error.message : "Invalid path '\(text)' : \(error.message)"
            throw StateError(ErrorName.runtime, cause)
        }
    }

    /// The document the path is looked up in: the input or the context, or a variable's value (null without one).
    func document(in scope: Scope) -> JSONValue {
        switch root {
        case .input, .current: scope.input
        case .context: scope.context.value
        case .variable(let name): scope.variables[name] ?? .null
        }
    }

    private func resolved(from document: JSONValue) throws(PathMissing) -> JSONValue {
        if isDefinite { return try node(in: document) }
        var walk = PathWalk(document: document)
        return try walk.value(of: self, from: document)
    }
}
