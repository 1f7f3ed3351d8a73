extension Tokenizer {
    mutating func string() throws(JSONataError) -> Token {
        let quote = byte()
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let current = byte()
            position += 1
            if current == quote {
                return Token(kind: .string, text: String(decoding: text, as: UTF8.self), end: position)
            }
            if current == UInt8(ascii: "\\") { try escape(into: &text) } else { text.append(current) }
        }
        throw JSONataError(.s0101, at: position)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONataError) {
        let letter = byte()
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            try unicodeEscape(into: &text)
            return
        default:
            let shown = position < bytes.count ? String(decoding: bytes[position...].prefix(4), as: UTF8.self) : ""
            throw JSONataError(.s0103, token: String(shown.prefix(1)), at: position)
        }
        position += 1
    }

    /// Reads `uXXXX`; two escapes that are halves of one character make that character.
    ///
    /// Text here is Unicode scalars, so half a character that stands alone becomes U+FFFD.
    private mutating func unicodeEscape(into text: inout [UInt8]) throws(JSONataError) {
        let first = try hexUnit()
        var scalar = Unicode.Scalar(first)
        if (0xD800..<0xDC00).contains(first), byte() == UInt8(ascii: "\\"), byte(1) == UInt8(ascii: "u") {
            let start = position
            position += 1
            let second = try hexUnit()
            if (0xDC00..<0xE000).contains(second) {
                scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            } else {
                position = start
            }
        }
        text.append(contentsOf: String(Character(scalar ?? "\u{FFFD}")).utf8)
    }

    private mutating func hexUnit() throws(JSONataError) -> UInt32 {
        guard position + 5 <= bytes.count,
            let unit = UInt32(String(decoding: bytes[(position + 1)..<(position + 5)], as: UTF8.self), radix: 16),
            bytes[position + 1] != UInt8(ascii: "+"), bytes[position + 1] != UInt8(ascii: "-")
        else { throw JSONataError(.s0104, at: position) }
        position += 5
        return unit
    }

    mutating func number() throws(JSONataError) -> Token {
        let start = position
        if byte() == UInt8(ascii: "0") { position += 1 } else { skipDigits() }
        if byte() == UInt8(ascii: "."), Self.isDigit(byte(1)) {
            position += 1
            skipDigits()
        }
        if byte() | 0x20 == UInt8(ascii: "e") {
            let signed = byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-")
            if Self.isDigit(byte(signed ? 2 : 1)) {
                position += signed ? 2 : 1
                skipDigits()
            }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = smallInteger(from: start) {
            return Token(kind: .number(JSONNumber(integer)), text: text, end: position)
        }
        guard let value = Double(text), let number = JSONNumber(value) else {
            throw JSONataError(.s0102, token: text, at: position)
        }
        // A number literal is a double, as all numbers of the language; whole ones print without a point.
        return Token(kind: .number(JSONNumber(calculated: number.doubleValue)), text: text, end: position)
    }

    /// The integer that the bytes up to here are, if they are few digits and nothing else.
    private func smallInteger(from start: Int) -> Int? {
        // So many digits are exact in a double too.
        guard position - start <= 15 else { return nil }
        var value = 0
        for byte in bytes[start..<position] {
            guard Self.isDigit(byte) else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return value
    }

    private mutating func skipDigits() {
        while Self.isDigit(byte()) { position += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Reads a regular expression up to the slash that no backslash and no bracket hides, and its flags.
    mutating func regex() throws(JSONataError) -> Token {
        position += 1
        let start = position
        var depth = 0
        while position < bytes.count {
            let current = byte()
            let isEscaped = bytes[position - 1] == UInt8(ascii: "\\") && isOddBackslash(before: position, from: start)
            if current == UInt8(ascii: "/"), !isEscaped, depth == 0 {
                let pattern = String(decoding: bytes[start..<position], as: UTF8.self)
                guard !pattern.isEmpty else { throw JSONataError(.s0301, at: position) }
                position += 1
                let flagStart = position
                while byte() == UInt8(ascii: "i") || byte() == UInt8(ascii: "m") { position += 1 }
                let flags = String(decoding: bytes[flagStart..<position], as: UTF8.self)
                return Token(kind: .regex(flags: flags), text: pattern, end: position)
            }
            if !isEscaped {
                switch current {
                case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                default: break
                }
            }
            position += 1
        }
        throw JSONataError(.s0302, at: position)
    }

    private func isOddBackslash(before end: Int, from start: Int) -> Bool {
        var count = 0
        var place = end - 1
        while place >= start, bytes[place] == UInt8(ascii: "\\") {
            count += 1
            place -= 1
        }
        return count % 2 == 1
    }
}
