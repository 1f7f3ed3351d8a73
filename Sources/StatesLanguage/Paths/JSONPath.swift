/// A compiled JSONPath, as Step Functions accepts it in input and output processing.
///
/// A *definite* path (members and single indexes) names exactly one node, and it is an error when that is not there.
/// Any other path names a list of nodes and gives an array, which may be empty.
struct JSONPath: Sendable, Hashable {
    /// What a path starts from.
    enum Root: Sendable, Hashable {
        /// The data of the state: `$`.
        case input
        /// The context object: `$$`.
        case context
        /// A workflow variable: `$name`.
        case variable(String)
    }

    /// One step from nodes to nodes.
    enum Step: Sendable, Hashable {
        case member(String)
        case members([String])
        case index(Int)
        case indexes([Int])
        case slice(from: Int?, to: Int?)
        case wildcard
    }

    /// The most nodes a path may select.
    static let nodeLimit = 100_000

    let text: String
    let root: Root
    let steps: [Step]

    /// The number of leading steps that each lead to a single node.
    private let definiteCount: Int

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

    /// Whether the path names exactly one node.
    var isDefinite: Bool { definiteCount == steps.count }

    /// Whether the path is the whole input, `$`.
    var isWholeInput: Bool { root == .input && steps.isEmpty }
}

extension JSONPath.Step {
    var isDefinite: Bool {
        switch self {
        case .member, .index: true
        case .members, .indexes, .slice, .wildcard: false
        }
    }
}

// MARK: Selection

/// Why a path selects nothing.
struct PathMissing: Error, Sendable, Hashable {
    let message: String
}

extension JSONPath {
    /// The node the path names, or the array of the nodes it selects.
    func value(in scope: Scope) throws(PathMissing) -> JSONValue {
        switch root {
        case .input: return try select(from: scope.input)
        case .context: return try select(from: scope.context.value)
        case .variable(let name):
            guard let value = scope.variables[name] else {
                throw PathMissing(message: "The variable '$\(name)' has no value")
            }
            return try select(from: value)
        }
    }

    /// The document the path is looked up in: the input or the context, or a variable's value (null without one).
    func document(in scope: Scope) -> JSONValue {
        switch root {
        case .input: scope.input
        case .context: scope.context.value
        case .variable(let name): scope.variables[name] ?? .null
        }
    }

    private func select(from root: JSONValue) throws(PathMissing) -> JSONValue {
        var node = root
        for position in 0..<definiteCount {
            guard let next = steps[position].follow(from: node) else {
                throw PathMissing(message: missing(at: position))
            }
            node = next
        }
        if isDefinite { return node }
        var nodes = [node]
        for step in steps[definiteCount...] {
            var selected: [JSONValue] = []
            for node in nodes {
                step.append(from: node, to: &selected)
                guard selected.count <= Self.nodeLimit else {
                    throw PathMissing(message: "The path selects more than \(Self.nodeLimit) nodes")
                }
            }
            nodes = selected
        }
        return .array(nodes)
    }

    private func missing(at position: Int) -> String {
        var place = "$"
        for step in steps[...position] {
            switch step {
            case .member(let name): place += "['\(name)']"
            case .index(let index): place += "[\(index)]"
            case .members, .indexes, .slice, .wildcard: break
            }
        }
        return "Missing property in path \(place)"
    }
}

extension JSONPath.Step {
    /// The one node a definite step leads to.
    fileprivate func follow(from node: JSONValue) -> JSONValue? {
        switch (self, node) {
        case (.member(let name), .object(let object)): object[name]
        case (.index(let index), .array(let elements)):
            node[index < 0 ? elements.count + index : index]
        default: nil
        }
    }

    /// Appends the nodes a step leads to; those it does not find are left out.
    fileprivate func append(from node: JSONValue, to selected: inout [JSONValue]) {
        switch (self, node) {
        case (.member, _), (.index, _):
            if let next = follow(from: node) { selected.append(next) }
        case (.members(let names), .object(let object)):
            selected.append(contentsOf: names.compactMap { object[$0] })
        case (.indexes(let indexes), .array):
            for index in indexes { JSONPath.Step.index(index).append(from: node, to: &selected) }
        case (.slice(let from, let to), .array(let elements)):
            let bound = { (index: Int) in min(max(index < 0 ? elements.count + index : index, 0), elements.count) }
            let (start, end) = (bound(from ?? 0), bound(to ?? elements.count))
            if start < end { selected.append(contentsOf: elements[start..<end]) }
        case (.wildcard, .array(let elements)): selected.append(contentsOf: elements)
        case (.wildcard, .object(let object)): selected.append(contentsOf: object.values)
        default: break
        }
    }
}
