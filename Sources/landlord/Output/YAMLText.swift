import StatesLanguage

/// Writes a document as YAML: block style, texts plain where that cannot be misread, quoted as JSON quotes otherwise.
enum YAMLText {
    /// The document with a line feed at its end.
    static func text(_ document: JSONValue) -> String {
        var lines: [String] = []
        append(document, level: 0, to: &lines)
        return VisibleJSON.escaped(lines.joined(separator: "\n")) + "\n"
    }

    private static func append(_ value: JSONValue, level: Int, to lines: inout [String]) {
        let indent = String(repeating: "  ", count: level)
        switch value {
        case .object(let object) where !object.isEmpty:
            for (key, member) in object { append(indent + scalar(.string(key)) + ":", member, level, to: &lines) }
        case .array(let items) where !items.isEmpty:
            for item in items { appendItem(item, indent: indent, level: level, to: &lines) }
        case .object, .array, .null, .bool, .number, .string:
            lines.append(indent + scalar(value))
        }
    }

    private static func append(_ name: String, _ value: JSONValue, _ level: Int, to lines: inout [String]) {
        guard isNested(value) else {
            lines.append("\(name) \(scalar(value))")
            return
        }
        lines.append(name)
        append(value, level: level + 1, to: &lines)
    }

    /// A list's item begins on the line of its dash.
    private static func appendItem(_ item: JSONValue, indent: String, level: Int, to lines: inout [String]) {
        guard isNested(item) else {
            lines.append("\(indent)- \(scalar(item))")
            return
        }
        let first = lines.count
        append(item, level: level + 1, to: &lines)
        lines[first] = indent + "- " + lines[first].dropFirst(indent.count + 2)
    }

    private static func isNested(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object): !object.isEmpty
        case .array(let items): !items.isEmpty
        case .null, .bool, .number, .string: false
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        guard case .string(let text) = value, isPlain(text) else { return value.serialized() }
        return text
    }

    /// Words that every reader of YAML takes for text.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first), text.utf8.count <= 256 else { return false }
        let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        guard !reserved.contains(text.lowercased()) else { return false }
        return text.utf8.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || "-_./".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
