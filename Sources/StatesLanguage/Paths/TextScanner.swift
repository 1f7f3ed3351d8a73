/// Why a path or an intrinsic function does not parse, and at which byte of its text.
struct PathSyntaxError: Error, Sendable, Hashable {
    let message: String
    let offset: Int
}

/// Walks over the bytes of a path or an expression.
struct TextScanner {
    let bytes: [UInt8]
    var position = 0

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

    /// Reads a quoted string; a backslash makes the next character plain.
    mutating func quoted() throws(PathSyntaxError) -> String {
        let quote = current
        let start = position
        position += 1
        var text: [UInt8] = []
        while !isAtEnd {
            let byte = current
            position += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), !isAtEnd {
                text.append(current)
                position += 1
            } else {
                text.append(byte)
            }
        }
        throw error("the quoted text does not end", at: start)
    }
}
