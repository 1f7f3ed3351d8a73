/// Why a path or an intrinsic function does not parse, and at which byte of its text.
struct PathSyntaxError: Error, Sendable, Hashable {
    let message: String
    let offset: Int
}

/// Walks over the bytes of a path or an expression.
struct TextScanner {
    let bytes: [UInt8]
    var position = 0
    /// Whether a quoted string had a backslash before a character that needs none.
    var hasOpenBackslash = false

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { position >= bytes.count }

    /// The byte at the current position, or 0 at the end.
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    /// The byte after the current one, or 0 beyond the end.
    var following: UInt8 { position + 1 < bytes.count ? bytes[position + 1] : 0 }

    /// Steps over one byte if it is the given one.
    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard !isAtEnd, current == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    mutating func skipSpaces() {
        while current == 0x20 || current == 0x09 { position += 1 }
    }

    func error(_ message: String, at offset: Int? = nil) -> PathSyntaxError {
        PathSyntaxError(message: message, offset: offset ?? position)
    }

    func text(from start: Int) -> String { String(decoding: bytes[start..<position], as: UTF8.self) }

    /// Reads a decimal integer with an optional sign, or nothing when there is none.
    mutating func integer() throws(PathSyntaxError) -> Int? {
        let start = position
        _ = skip("-")
        let digits = position
        while (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current) { position += 1 }
        guard position > digits else {
            position = start
            return nil
        }
        guard let value = Int(text(from: start)) else { throw error("the number is out of range", at: start) }
        return value
    }

    /// Reads a quoted string of an intrinsic function; a backslash makes the next character plain.
    ///
    /// Only quotes, braces and backslashes may be escaped: the specification calls any other an open backslash.
    mutating func quoted() throws(PathSyntaxError) -> String {
        try quoted { (scanner: inout TextScanner, text: inout [UInt8]) in
            switch scanner.current {
            case UInt8(ascii: "'"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\\"): break
            default: scanner.hasOpenBackslash = true
            }
            text.append(scanner.current)
            scanner.position += 1
        }
    }

    /// Reads a quoted name of a path, with the escapes of Java's strings.
    mutating func quotedName() throws(PathSyntaxError) -> String {
        try quoted { (scanner: inout TextScanner, text: inout [UInt8]) in scanner.javaEscape(into: &text) }
    }

    private mutating func quoted(
        _ escape: (inout TextScanner, inout [UInt8]) -> Void
    ) throws(PathSyntaxError) -> String {
        let quote = current
        let start = position
        position += 1
        var text: [UInt8] = []
        while !isAtEnd {
            let byte = current
            position += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), !isAtEnd { escape(&self, &text) } else { text.append(byte) }
        }
        throw error("the quoted text does not end", at: start)
    }

    /// Reads what stands behind a backslash; a letter that means nothing stands for itself.
    private mutating func javaEscape(into text: inout [UInt8]) {
        let byte = current
        position += 1
        switch byte {
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            var unit: UInt32 = 0
            var digits = 0
            while digits < 4, let digit = hexDigitValue(current) {
                unit = unit << 4 | digit
                digits += 1
                position += 1
            }
            guard digits == 4, let scalar = Unicode.Scalar(unit) else {
                text.append(contentsOf: UTF8.encodedReplacementCharacter)
                return
            }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: text.append(byte)
        }
    }

    private func hexDigitValue(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
