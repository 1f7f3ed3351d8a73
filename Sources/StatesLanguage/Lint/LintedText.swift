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
    let place: JSONPointer
    let references: [Reference]

    var pointer: String { place.text }

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

    /// The texts of a state in the order of the document, without those that no rule has anything to say about.
    static func gather(
        from fields: JSONObject, _ place: JSONPointer, _ language: QueryLanguage, _ known: KnownExpressions
    ) -> [LintedText] {
        var gatherer = Gatherer(language: language, known: known)
        for (name, value) in fields where value.mayHoldText && !inner.contains(name) && !plain.contains(name) {
            gatherer.field = name
            gatherer.gather(value, key: name, place.appending(name), isData: templates.contains(name))
        }
        return gatherer.texts
    }

    private struct Gatherer {
        let language: QueryLanguage
        let known: KnownExpressions
        var field = ""
        var texts: [LintedText] = []

        mutating func gather(_ value: JSONValue, key: String, _ place: JSONPointer, isData: Bool) {
            switch value {
            case .null, .bool, .number: break
            case .string(let text): note(text, key, place, isData: isData)
            case .array(let elements):
                for (index, element) in elements.enumerated() where element.mayHoldText {
                    gather(element, key: "", place.appending(index), isData: isData)
                }
            case .object(let object):
                for (key, value) in object where value.mayHoldText && (isData || !plain.contains(key)) {
                    gather(value, key: key, place.appending(key), isData: isData || templates.contains(key))
                }
            }
        }

        private mutating func note(_ text: String, _ key: String, _ place: JSONPointer, isData: Bool) {
            let kind = kind(of: text, key, isData: isData)
            guard kind != .literal || (isData && Self.isSuspicious(text, key)) else { return }
            texts.append(
                LintedText(
                    kind: kind, text: text, field: field, key: key, place: place,
                    references: Reference.find(in: text, kind, known)))
        }

        /// Whether a text that stands for itself may have been meant as something else: most were not.
        private static func isSuspicious(_ text: String, _ key: String) -> Bool {
            key.hasSuffix(".$") || text.utf8.contains { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "{") }
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

/// Expressions that have been compiled already, by their texts.
typealias KnownExpressions = [ByteKey: JSONataExpression]

extension JSONValue {
    /// Whether there can be a text in the value.
    fileprivate var mayHoldText: Bool {
        switch self {
        case .null, .bool, .number: false
        case .string: true
        case .array(let elements): !elements.isEmpty
        case .object(let object): !object.isEmpty
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
    static func find(in text: String, _ kind: LintedText.Kind, _ known: KnownExpressions) -> [Reference] {
        guard kind != .literal, text.utf8.contains(UInt8(ascii: "$")) else { return [] }
        guard kind == .jsonata else {
            return readsInputOnly(text) ? [] : ReferenceScanner(text).references
        }
        let inner = JSONataField.inner(of: text)
        // One that cannot be compiled is reported by the parser.
        guard let expression = known[ByteKey(text: inner)] ?? (try? JSONataExpression(checking: inner)) else {
            return []
        }
        return expression.freeVariables.compactMap { free in
            free.name.isEmpty || free.name == "$"
                ? nil : Reference(root: .variable(free.name), members: free.path, isCalled: free.isCalled)
        }
    }

    /// Whether a path begins with the one `$` in it, and that is the input.
    private static func readsInputOnly(_ text: String) -> Bool {
        let rest = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "$"), let second = rest.first else { return text == "$" }
        return (second == UInt8(ascii: ".") || second == UInt8(ascii: "[")) && !rest.contains(UInt8(ascii: "$"))
    }
}

/// Finds `$name`, `$$` and the members behind them in a path or a call of an intrinsic function, outside quoted texts.
private struct ReferenceScanner {
    /// All that is looked for is ASCII, whose bytes stand for nothing else in UTF-8.
    private let bytes: [UInt8]
    private var position = 0
    private(set) var references: [Reference] = []

    init(_ text: String) {
        bytes = Array(text.utf8)
        scan()
    }

    private mutating func scan() {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch Unicode.Scalar(byte) {
            case "'": skip(to: "'")
            case "$": reference()
            default: break
            }
        }
    }

    private var peek: Unicode.Scalar? { peek(0) }

    private func peek(_ ahead: Int) -> Unicode.Scalar? {
        position + ahead < bytes.count ? Unicode.Scalar(bytes[position + ahead]) : nil
    }

    private mutating func skip(to end: Unicode.Scalar) {
        while let byte = peek, byte != end { position += byte == "\\" ? 2 : 1 }
        position += 1
    }

    private mutating func reference() {
        if peek == "$" {
            position += 1
            references.append(Reference(root: .context, members: members(), isCalled: false))
            return
        }
        let name = identifier()
        guard !name.isEmpty else { return }
        let members = members()
        references.append(Reference(root: .variable(name), members: members, isCalled: peek == "(" && members.isEmpty))
    }

    private mutating func identifier() -> String {
        let start = position
        guard let first = scalar else { return "" }
        while let next = scalar, next == "_" || next.continuesName { position += UTF8.width(next) }
        guard position > start, first == "_" || first.beginsName else { return "" }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// The whole character at the current position.
    private var scalar: Unicode.Scalar? {
        guard let first = peek, !first.isASCII else { return peek }
        return String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first
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
            } else if peek == "[", peek(1) == "'" {
                let nameStart = position + 2
                position = nameStart
                skip(to: "'")
                if peek == "]" {
                    members.append(String(decoding: bytes[nameStart..<(position - 1)], as: UTF8.self))
                    position += 1
                    continue
                }
            }
            position = start
            return members
        }
    }
}
