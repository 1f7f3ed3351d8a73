import StatesLanguage
import Yams

/// What a plain word means in the core schema of YAML 1.2.
///
/// The schema of YAML 1.1 turned `no` into false, `12:30` into 750 and `010` into eight; none of that happens here.
enum YAMLScalar {
    /// A value, or why there is none.
    enum Resolution {
        case value(LocatedValue.Content)
        case refused(String)
    }

    /// The meaning of a plain word.
    static func resolve(_ text: String) -> Resolution {
        switch text {
        case "", "~", "null", "Null", "NULL": return .value(.null)
        case "true", "True", "TRUE": return .value(.bool(true))
        case "false", "False", "FALSE": return .value(.bool(false))
        case ".inf", ".Inf", ".INF", "+.inf", "-.inf", "+.Inf", "-.Inf", "+.INF", "-.INF", ".nan", ".NaN", ".NAN":
            return .refused("infinity and 'not a number' are not allowed; quote the text if it is one")
        default: break
        }
        guard let first = text.utf8.first, isDigit(first) || "+-.".utf8.contains(first) else {
            return .value(.text(text))
        }
        if let integer = integer(text) { return integer }
        return number(text) ?? .value(.text(text))
    }

    /// True where the value is of the kind that an explicit tag asks for.
    static func tag(of content: LocatedValue.Content, fits tag: String) -> Bool {
        switch content {
        case .null: tag == Tag.Name.null.rawValue
        case .bool: tag == Tag.Name.bool.rawValue
        case .number(let number):
            tag == Tag.Name.float.rawValue || (tag == Tag.Name.int.rawValue && number.isInteger)
        case .text, .list, .mapping: false
        }
    }

    private static func integer(_ text: String) -> Resolution? {
        for (prefix, radix) in [("0o", 8), ("0x", 16)] where text.hasPrefix(prefix) {
            let digits = text.dropFirst(2)
            guard !digits.isEmpty, !"+-".contains(digits.first ?? "+") else { return nil }
            if let value = Int64(digits, radix: radix) { return .value(.number(JSONNumber(value))) }
            let isNumber = digits.allSatisfy { $0.isHexDigit } && Int64(digits.prefix(1), radix: radix) != nil
            return isNumber ? .refused("the number '\(text)' is too large") : nil
        }
        let unsigned = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
        guard !unsigned.isEmpty, unsigned.utf8.allSatisfy(isDigit) else { return nil }
        let digits = unsigned.drop { $0 == "0" }
        let plain = (text.first == "-" && !digits.isEmpty ? "-" : "") + (digits.isEmpty ? "0" : digits)
        return parsed(plain, as: text)
    }

    private static func number(_ text: String) -> Resolution? {
        var rest = text[...]
        var mantissa = ""
        if let sign = rest.first, sign == "-" || sign == "+" {
            if sign == "-" { mantissa = "-" }
            rest = rest.dropFirst()
        }
        let whole = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(whole.count)
        var fraction = ""[...]
        if rest.first == "." {
            fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        let digits = whole.drop { $0 == "0" }
        mantissa += (digits.isEmpty ? "0" : digits) + "." + (fraction.isEmpty ? "0" : fraction)
        if rest.first == "e" || rest.first == "E" {
            let exponent = rest.dropFirst()
            let power = exponent.first == "-" || exponent.first == "+" ? exponent.dropFirst() : exponent
            guard !power.isEmpty, power.utf8.allSatisfy(isDigit) else { return nil }
            mantissa += "e" + exponent
            rest = ""
        }
        return rest.isEmpty ? parsed(mantissa, as: text) : nil
    }

    private static func parsed(_ plain: String, as text: String) -> Resolution {
        do throws(JSONParseError) {
            if case .number(let number) = try JSONValue(parsing: plain) { return .value(.number(number)) }
            return .value(.text(text))
        } catch {
            return .refused("the number '\(text.prefix(40))' is too large")
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
