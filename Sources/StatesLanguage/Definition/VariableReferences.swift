// Which variables a state refers to, as `DescribeStateMachine` lists them under `variableReferences`.

extension State {
    /// The variables the state reads, in the order in which it names them.
    public var variableReferences: [String] {
        var names = ReferencedNames()
        switch queryLanguage {
        case .jsonPath: names.gatherPaths(source, key: "")
        case .jsonata:
            names.gatherExpressions(source)
        }
        return names.ordered
    }
}

/// Gathers names, each once.
private struct ReferencedNames {
    private(set) var ordered: [String] = []
    private var known: Set<ByteKey> = []

    /// Members that hold states of their own.
    private static let nested: Set<String> = ["Branches", "ItemProcessor", "Iterator"]

    private mutating func note(_ name: String) {
        if name != "states", known.insert(ByteKey(text: name)).inserted { ordered.append(name) }
    }

    /// Looks through the members whose values are paths or intrinsic functions.
    mutating func gatherPaths(_ value: JSONValue, key: String) {
        switch value {
        case .object(let object):
            for (key, value) in object where !Self.nested.contains(key) { gatherPaths(value, key: key) }
        case .array(let elements): for element in elements { gatherPaths(element, key: "") }
        case .string(let text):
            guard key.hasSuffix(".$") || key.hasSuffix("Path") || key == "Variable" else { return }
            gather(text)
        case .null, .bool, .number: break
        }
    }

    /// Finds `$name` outside quotes.
    private mutating func gather(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            if scalar == "'" {
                while let inner = rest.popFirst(), inner != "'" { if inner == "\\" { rest = rest.dropFirst() } }
            } else if scalar == "$" {
                if rest.first == "$" { rest = rest.dropFirst() }
                let name = rest.prefix { $0.continuesName }
                if name.first?.beginsName == true {
                    note(String(String.UnicodeScalarView(name)))
                }
                rest = rest.dropFirst(name.count)
            }
        }
    }

    /// Looks through the strings between `{%` and `%}`.
    mutating func gatherExpressions(_ value: JSONValue) {
        switch value {
        case .object(let object):
            for (key, value) in object where !Self.nested.contains(key) { gatherExpressions(value) }
        case .array(let elements): for element in elements { gatherExpressions(element) }
        case .string(let text): if JSONataField.isExpression(text) { gatherExpression(text) }
        case .null, .bool, .number: break
        }
    }

    private mutating func gatherExpression(_ text: String) {
        for name in JSONataField.freeVariables(of: text) { note(name) }
    }
}
