/// A value of a definition with parts that are computed when a state runs, in either query language.
enum Template: Sendable, Hashable {
    case jsonPath(PayloadTemplate)
    case jsonata(JSONataTemplate)
}

/// One JSONata expression of a definition, with the name of its place for errors, such as `Output/total`.
struct JSONataField: Sendable, Hashable {
    let expression: JSONataExpression
    /// The expression without its `{%` and `%}`, as Step Functions quotes it.
    let text: String
    let field: String
    /// Whether the expression may look into the context object.
    ///
    /// `$states` may be handed on whole, so only an expression that names its other members is known to do without.
    let usesContext: Bool

    init(expression: JSONataExpression, text: String, field: String) {
        self.expression = expression
        self.text = text
        self.field = field
        usesContext = expression.freeVariables.contains { variable in
            guard variable.name == "states" else { return false }
            switch variable.path.first {
            case "input", "result", "errorOutput": return false
            default: return true
            }
        }
    }

    /// The expression between the marks, without the spaces around it.
    static func inner(of text: String) -> String {
        var text = text
        let plain = text.withUTF8 { bytes -> String? in
            var inner = bytes.dropFirst(2).dropLast(2)
            while inner.first == UInt8(ascii: " ") { inner = inner.dropFirst() }
            while inner.last == UInt8(ascii: " ") { inner = inner.dropLast() }
            // What is left is nearly always ASCII at both ends, and no other space.
            let isPlain = { (byte: UInt8?) in byte.map { $0 > 0x20 && $0 < 0x80 } ?? true }
            guard isPlain(inner.first), isPlain(inner.last) else { return nil }
            return String(decoding: inner, as: UTF8.self)
        }
        if let plain { return plain }
        var scalars = text.unicodeScalars.dropFirst(2).dropLast(2)
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }

    /// The variables that a string of a definition reads, if it is an expression.
    static func freeVariables(of text: String) -> [String] {
        // Texts that do not parse are reported elsewhere.
        let expression = try? JSONataExpression(parsing: inner(of: text))
        let free = expression?.freeVariables.filter { !$0.isCalled && $0.name != "$" && !$0.name.isEmpty } ?? []
        return free.map(\.name).filter { Builtin.named[$0] == nil && $0 != "states" }
    }

    /// Whether a string of a definition begins as expressions do.
    static func beginsExpression(_ text: String) -> Bool {
        var bytes = text.utf8.makeIterator()
        return bytes.next() == UInt8(ascii: "{") && bytes.next() == UInt8(ascii: "%")
    }

    /// Whether a string of a definition is an expression.
    static func isExpression(_ text: String) -> Bool {
        var bytes = text.utf8.reversed().makeIterator()
        guard beginsExpression(text), text.utf8.count >= 4 else { return false }
        return bytes.next() == UInt8(ascii: "}") && bytes.next() == UInt8(ascii: "%")
    }
}

/// A compiled value of a JSONata state: strings between `{%` and `%}` are expressions, at any depth.
///
/// Parts without expressions are kept whole, so that evaluating them costs nothing.
indirect enum JSONataTemplate: Sendable, Hashable {
    case literal(JSONValue)
    case expression(JSONataField)
    case array([JSONataTemplate])
    case object([Member])

    /// One member of an object in a template.
    struct Member: Sendable, Hashable {
        let key: String
        let value: JSONataTemplate
    }

    /// The value, if nothing in it is computed.
    var literalValue: JSONValue? {
        if case .literal(let value) = self { value } else { nil }
    }

    /// The expressions in the order of the document.
    var expressions: [JSONataField] {
        switch self {
        case .literal: []
        case .expression(let field): [field]
        case .array(let parts): parts.flatMap(\.expressions)
        case .object(let members): members.flatMap(\.value.expressions)
        }
    }
}

/// A number of a definition that is given, looked up, or computed.
enum NumberField: Sendable, Hashable {
    case literal(Double)
    /// `field` is the name with its ending `Path`.
    case path(JSONPath, field: String)
    case jsonata(JSONataField)
}

/// A text that is given or computed.
enum TextField: Sendable, Hashable {
    case literal(String)
    case expression(Expression, field: String)
    case jsonata(JSONataField)
}
