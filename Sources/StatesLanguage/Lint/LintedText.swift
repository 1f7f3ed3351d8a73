/// A text of a state in which data is read or written.
struct LintedText: Sendable {
    /// What Step Functions makes of the text.
    enum Kind: Sendable, Hashable {
        /// A path or a call of an intrinsic function.
        case path
        /// A JSONata expression.
        case jsonata
        /// Text.
        case literal
    }

    let kind: Kind
    let text: String
    /// The field of the state in which it stands.
    let field: String
    /// The name of the member that has it; empty in an array.
    let key: String
    let pointer: String
    let references: [Reference]

    /// Members that hold states of their own.
    private static let inner: Set<String> = ["Branches", "ItemProcessor", "Iterator"]
    /// Fields whose members are data, in which names mean nothing to the language.
    private static let templates: Set<String> = [
        "Parameters", "ResultSelector", "ItemSelector", "Assign", "BatchInput", "Credentials", "Arguments", "Output",
        "Items", "Result",
    ]
    /// Fields that are never data.
    private static let plain: Set<String> = [
        "Comment", "ErrorEquals", "Next", "Default", "Type", "Resource", "QueryLanguage", "StartAt", "Label",
        "ResultPath",
    ]

    /// The texts of a state in the order of the document.
    static func gather(from fields: JSONObject, _ place: JSONPointer, _ language: QueryLanguage) -> [LintedText] {
        var gatherer = Gatherer(language: language)
        for (name, value) in fields where !inner.contains(name) && !plain.contains(name) {
            gatherer.field = name
            gatherer.gather(value, key: name, place.appending(name), isData: templates.contains(name))
        }
        return gatherer.texts
    }

    private struct Gatherer {
        let language: QueryLanguage
        var field = ""
        var texts: [LintedText] = []

        mutating func gather(_ value: JSONValue, key: String, _ place: JSONPointer, isData: Bool) {
            switch value {
            case .null, .bool, .number: break
            case .string(let text): note(text, key, place, isData: isData)
            case .array(let elements):
                for (index, element) in elements.enumerated() {
                    gather(element, key: "", place.appending(String(index)), isData: isData)
                }
            case .object(let object):
                for (key, value) in object where isData || !plain.contains(key) {
                    gather(value, key: key, place.appending(key), isData: isData || templates.contains(key))
                }
            }
        }

        private mutating func note(_ text: String, _ key: String, _ place: JSONPointer, isData: Bool) {
            let kind = kind(of: text, key, isData: isData)
            guard kind != .literal || isData else { return }
            texts.append(
                LintedText(
                    kind: kind, text: text, field: field, key: key, pointer: place.text,
                    references: Reference.find(in: text, kind)))
        }

        private func kind(of text: String, _ key: String, isData: Bool) -> Kind {
            switch language {
            case .jsonata: JSONataField.isExpression(text) ? .jsonata : .literal
            case .jsonPath where field == "Result": .literal
            case .jsonPath where isData: key.hasSuffix(".$") ? .path : .literal
            case .jsonPath: key.hasSuffix("Path") || key == "Variable" ? .path : .literal
            }
        }
    }
}

/// A place in a text where data is read.
struct Reference: Sendable, Hashable {
    /// What is read.
    enum Root: Sendable, Hashable {
        /// The context object of JSONPath, `$$`.
        case context
        /// A variable; `states` of JSONata is one.
        case variable(String)
    }

    let root: Root
    /// The members read behind it: `["Task", "Token"]` for `$$.Task.Token`.
    let members: [String]
    /// Whether it is called as a function.
    let isCalled: Bool

    /// Finds what a text reads.
    static func find(in text: String, _ kind: LintedText.Kind) -> [Reference] {
        guard kind != .literal, text.utf8.contains(UInt8(ascii: "$")) else { return [] }
        guard kind == .jsonata else { return ReferenceScanner(text, isJSONata: false).references }
        let inner = String(text.dropFirst(2).dropLast(2))
        let scanned = ReferenceScanner(inner, isJSONata: true).references
        // Only an expression with names of its own can bind some of them, and only then is it worth compiling.
        let isPlain = scanned.allSatisfy { reference in
            guard case .variable(let name) = reference.root else { return true }
            return name == "states" || Builtin.named[name] != nil
        }
        // One that cannot be compiled is reported by the parser.
        guard !isPlain, let expression = try? JSONataExpression(parsing: inner) else { return isPlain ? scanned : [] }
        return expression.freeVariables.compactMap { free in
            free.name.isEmpty || free.name == "$"
                ? nil : Reference(root: .variable(free.name), members: free.path, isCalled: free.isCalled)
        }
    }
}

/// Finds `$name`, `$$` and the members behind them, outside quoted texts and comments.
private struct ReferenceScanner {
    private let scalars: [Unicode.Scalar]
    private let isJSONata: Bool
    private var position = 0
    private(set) var references: [Reference] = []

    init(_ text: String, isJSONata: Bool) {
        scalars = Array(text.unicodeScalars)
        self.isJSONata = isJSONata
        scan()
    }

    private mutating func scan() {
        while position < scalars.count {
            let scalar = scalars[position]
            position += 1
            switch scalar {
            case "'": skip(to: "'")
            case "\"" where isJSONata: skip(to: "\"")
            case "`" where isJSONata: skip(to: "`")
            case "/" where isJSONata && peek == "*": skipComment()
            case "$": reference()
            default: break
            }
        }
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func skip(to end: Unicode.Scalar) {
        while position < scalars.count, scalars[position] != end { position += scalars[position] == "\\" ? 2 : 1 }
        position += 1
    }

    private mutating func skipComment() {
        while position + 1 < scalars.count, !(scalars[position] == "*" && scalars[position + 1] == "/") {
            position += 1
        }
        position += 2
    }

    private mutating func reference() {
        if peek == "$" {
            position += 1
            if !isJSONata { references.append(Reference(root: .context, members: members(), isCalled: false)) }
            return
        }
        let name = identifier()
        guard !name.isEmpty else { return }
        let members = members()
        references.append(Reference(root: .variable(name), members: members, isCalled: peek == "(" && members.isEmpty))
    }

    private mutating func identifier() -> String {
        let start = position
        while let scalar = peek, scalar == "_" || scalar.properties.isIDContinue { position += 1 }
        guard position > start, scalars[start] == "_" || scalars[start].properties.isIDStart else { return "" }
        return String(String.UnicodeScalarView(scalars[start..<position]))
    }

    /// Reads `.name` and `['name']` for as long as they go on.
    private mutating func members() -> [String] {
        var members: [String] = []
        while true {
            let start = position
            if peek == "." {
                position += 1
                let name = identifier()
                if !name.isEmpty {
                    members.append(name)
                    continue
                }
            } else if !isJSONata, peek == "[", position + 1 < scalars.count, scalars[position + 1] == "'" {
                let nameStart = position + 2
                position = nameStart
                skip(to: "'")
                if peek == "]" {
                    members.append(String(String.UnicodeScalarView(scalars[nameStart..<(position - 1)])))
                    position += 1
                    continue
                }
            }
            position = start
            return members
        }
    }
}
