/// The functions on texts.
enum TextFunction: String, Sendable, CaseIterable {
    case string, length, substring, substringBefore, substringAfter, uppercase, lowercase, trim, pad, join
    case base64encode, base64decode, encodeUrlComponent, encodeUrl, decodeUrlComponent, decodeUrl

    var signature: String {
        switch self {
        case .string: "<x-b?:s>"
        case .length: "<s-:n>"
        case .substring: "<s-nn?:s>"
        case .substringBefore, .substringAfter: "<s-s:s>"
        case .pad: "<s-ns?:s>"
        case .join: "<a<s>s?:s>"
        case .uppercase, .lowercase, .trim, .base64encode, .base64decode, .encodeUrlComponent, .encodeUrl,
            .decodeUrlComponent, .decodeUrl:
            "<s-:s>"
        }
    }
}

extension Evaluator {
    func call(_ function: TextFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        if case .string = function {
            guard !arguments[0].isUndefined else { return .undefined }
            return try made(try text(of: arguments[0], isPretty: Self.isTrue(arguments[1])))
        }
        if case .join = function { return try join(arguments) }
        guard let text = arguments.string(0) else { return .undefined }
        try count(text.utf8.count / 8)
        switch function {
        case .string, .join: return .undefined
        case .length: return .number(text.unicodeScalars.count)
        case .substring: return try made(Self.substring(text, arguments.double(1) ?? 0, arguments.double(2)))
        case .substringBefore: return try made(TextSearch.split(text, at: arguments.string(1) ?? "")?.before ?? text)
        case .substringAfter: return try made(TextSearch.split(text, at: arguments.string(1) ?? "")?.after ?? text)
        case .uppercase: return try made(text.uppercased())
        case .lowercase: return try made(text.lowercased())
        case .trim: return try made(Self.trimmed(text))
        case .pad: return try pad(text, arguments)
        case .base64encode: return try made(Base64.encode(text))
        case .base64decode: return try made(try Self.base64Decoded(text))
        case .encodeUrlComponent: return try made(PercentCoding.encode(text, keeping: PercentCoding.unreserved))
        case .encodeUrl: return try made(PercentCoding.encode(text, keeping: PercentCoding.unreservedAndReserved))
        case .decodeUrlComponent, .decodeUrl:
            let kept = function == .decodeUrl ? PercentCoding.reserved : []
            guard let decoded = PercentCoding.decode(text, keeping: kept) else {
                throw JSONataError(.d3140, token: function.rawValue, value: Self.shown(.string(text)))
            }
            return try made(decoded)
        }
    }

    /// The characters from a place on, the place counted from the end when it is negative.
    static func substring(_ text: String, _ start: Double, _ length: Double?) -> String {
        let scalars = Array(text.unicodeScalars)
        let size = Double(scalars.count)
        let first = size + start < 0 ? 0 : start
        var last = size
        if let length {
            guard length > 0 else { return "" }
            last = first >= 0 ? first + length : size + first + length
        }
        func place(_ value: Double) -> Int {
            let whole = value.rounded(.towardZero)
            return Int(max(0, min(size, whole < 0 ? size + whole : whole)))
        }
        let (from, to) = (place(first), place(last))
        guard from < to else { return "" }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[from..<to])
        return String(view)
    }

    /// Runs of white space become one space, none at the ends.
    private static func trimmed(_ text: String) -> String {
        var bytes: [UInt8] = []
        var isSpacePending = false
        for byte in text.utf8 {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: isSpacePending = !bytes.isEmpty
            default:
                if isSpacePending { bytes.append(0x20) }
                isSpacePending = false
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func pad(_ text: String, _ arguments: Arguments) throws(JSONataError) -> Value {
        let width = arguments.double(1) ?? 0
        let missing = abs(width) - Double(text.unicodeScalars.count)
        guard missing >= 1 else { return .string(text) }
        let filling = arguments.string(2) ?? " "
        let scalars = Array((filling.isEmpty ? " " : filling).unicodeScalars)
        guard missing < Double(limits.bytes) else { throw JSONataError.tooLarge }
        try allocate(Int(missing) * 4)
        var padding = String.UnicodeScalarView()
        for position in 0..<Int(missing) { padding.append(scalars[position % scalars.count]) }
        return try made(width > 0 ? text + String(padding) : String(padding) + text)
    }

    private func join(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard let list = arguments.list(0) else { return .undefined }
        let separator = arguments.string(1) ?? ""
        var text = ""
        try count(list.count)
        try allocate(list.count * separator.utf8.count)
        for position in 0..<list.count {
            if position > 0 { text += separator }
            if case .string(let part) = list[position] {
                try allocate(part.utf8.count)
                text += part
            }
        }
        return .string(text)
    }

    private static func base64Decoded(_ text: String) throws(JSONataError) -> String {
        do throws(IntrinsicError) { return try Base64.decode(text) } catch {
            throw JSONataError(.d4001, value: "Malformed Base64: \(error.message)")
        }
    }
}

/// Searching in texts by their bytes.
enum TextSearch {
    /// The texts before and behind the first place where another text stands.
    static func split(_ text: String, at separator: String) -> (before: String, after: String)? {
        let bytes = Array(text.utf8)
        let wanted = Array(separator.utf8)
        guard let start = firstIndex(of: wanted, in: bytes, from: 0) else { return nil }
        return (
            String(decoding: bytes[..<start], as: UTF8.self),
            String(decoding: bytes[(start + wanted.count)...], as: UTF8.self)
        )
    }

    /// The first place from a start on where some bytes stand.
    ///
    /// The search is Knuth's, Morris's and Pratt's: after a mismatch it goes on with the longest beginning of what is
    /// wanted that has been matched, and so never looks back. Trying each place anew would take hours for texts such
    /// as a million times "a".
    static func firstIndex(of wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard !wanted.isEmpty else { return start <= bytes.count ? start : nil }
        guard start <= bytes.count - wanted.count else { return nil }
        // For each place, how long a beginning of `wanted` ends there that is not all of it.
        var borders = [Int](repeating: 0, count: wanted.count)
        var matched = 0
        for position in 1..<wanted.count {
            while matched > 0, wanted[position] != wanted[matched] { matched = borders[matched - 1] }
            if wanted[position] == wanted[matched] { matched += 1 }
            borders[position] = matched
        }
        matched = 0
        for position in start..<bytes.count {
            while matched > 0, bytes[position] != wanted[matched] { matched = borders[matched - 1] }
            if bytes[position] == wanted[matched] { matched += 1 }
            if matched == wanted.count { return position + 1 - matched }
        }
        return nil
    }
}

/// Percent-encoding as JavaScript's `encodeURI` family does it.
enum PercentCoding {
    static let reserved = Set(";/?:@&=+$,#".utf8)
    static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()".utf8)
    static let unreservedAndReserved = unreserved.union(reserved)

    static func encode(_ text: String, keeping kept: Set<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if kept.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The text with its escapes read, but for those of some characters; nil when it is malformed.
    static func decode(_ text: String, keeping kept: Set<UInt8>) -> String? {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var position = 0
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "%") else {
                result.append(bytes[position])
                position += 1
                continue
            }
            guard position + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[(position + 1)...(position + 2)], as: UTF8.self), radix: 16),
                bytes[position + 1] != UInt8(ascii: "+")
            else { return nil }
            if kept.contains(value) { result += bytes[position...(position + 2)] } else { result.append(value) }
            position += 3
        }
        return String(validating: result, as: UTF8.self)
    }
}
