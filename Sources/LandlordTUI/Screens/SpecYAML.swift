import LandlordDomain
import StatesLanguage

/// Writes a document as YAML for a person to edit; reading it back gives an equal document.
enum SpecYAML {
    /// The block form of a value.
    static func text(_ value: JSONValue) -> String {
        var text = ""
        write(value, indent: 0, into: &text)
        return text
    }

    private static func write(_ value: JSONValue, indent: Int, into text: inout String) {
        let margin = String(repeating: "  ", count: indent)
        switch value {
        case .object(let object) where !object.isEmpty:
            for (key, member) in object {
                text += margin + scalar(key) + ":"
                writeMember(member, indent: indent + 1, into: &text)
            }
        case .array(let items) where !items.isEmpty:
            for item in items {
                var inner = ""
                write(item, indent: indent + 1, into: &inner)
                // The first line of an item stands behind its dash.
                text += margin + "- " + inner.dropFirst(margin.count + 2)
            }
        case .object, .array, .null, .bool, .number, .string:
            text += margin + flow(value) + "\n"
        }
    }

    private static func writeMember(_ value: JSONValue, indent: Int, into text: inout String) {
        switch value {
        case .object(let object) where !object.isEmpty:
            text += "\n"
            write(value, indent: indent, into: &text)
        case .array(let items) where !items.isEmpty && items.contains(where: isNested):
            text += "\n"
            write(value, indent: indent, into: &text)
        case .object, .array, .null, .bool, .number, .string:
            text += " " + flow(value) + "\n"
        }
    }

    private static func isNested(_ value: JSONValue) -> Bool {
        switch value {
        case .object(let object): !object.isEmpty
        case .array(let items): !items.isEmpty
        case .null, .bool, .number, .string: false
        }
    }

    /// The form on one line: words, and lists of words such as a command.
    private static func flow(_ value: JSONValue) -> String {
        switch value {
        case .string(let string): scalar(string)
        case .array(let items): "[" + items.map(flowItem).joined(separator: ", ") + "]"
        case .object: "{}"
        case .null, .bool, .number: value.serialized()
        }
    }

    private static func flowItem(_ value: JSONValue) -> String {
        if case .string(let string) = value { return quoted(string) }
        return flow(value)
    }

    /// A word as it stands if nothing about it could be read as something else, or else in quotes.
    private static func scalar(_ text: String) -> String {
        let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        let isPlain =
            text.utf8.first.map(isLetter) == true && text.utf8.allSatisfy { isLetter($0) || isInner($0) }
            && !words.contains(text.lowercased()) && text.utf8.last != UInt8(ascii: ":")
        return isPlain ? text : quoted(text)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isInner(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-_./".utf8.contains(byte)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if isHidden(scalar) {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    let width = scalar.value > 0xFFFF ? 8 : 4
                    quoted +=
                        (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }

    /// Whether an editor would show the character as nothing, or as something else.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        default: false
        }
    }
}
