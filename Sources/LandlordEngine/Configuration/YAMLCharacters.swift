/// The characters that may stand in a document.
enum YAMLCharacters {
    /// The text, if it is UTF-8 without control characters; a byte order mark at the start is dropped.
    static func checked(_ bytes: [UInt8], file: String) throws(DocumentError) -> String {
        let body = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
        if let offset = controlCharacter(in: body) {
            let line = line(at: offset, in: body)
            let code = body[offset] == 0xc2 ? body[offset + 1] : body[offset]
            let digits = String(code, radix: 16, uppercase: true)
            let name = "U+" + String(repeating: "0", count: 4 - digits.count) + digits
            throw DocumentError(
                .syntax, file: file, line: line, "holds the control character \(name); a text file has none")
        }
        guard let text = String(validating: body, as: UTF8.self) else {
            throw DocumentError(.syntax, file: file, line: invalidLine(of: body), "is not UTF-8 text")
        }
        return text
    }

    /// A character of the private range that the text does not hold.
    static func unused(in text: String) -> Unicode.Scalar? {
        let range = UInt32(0xe000)...0xf8ff
        var used: Set<UInt32> = []
        for scalar in text.unicodeScalars where range.contains(scalar.value) { used.insert(scalar.value) }
        return range.first { !used.contains($0) }.flatMap(Unicode.Scalar.init)
    }

    /// The text with one scalar in the place of another.
    ///
    /// It works on scalars, because a sign followed by an accent is one character to Swift and still a sign to a
    /// parser.
    static func replacing(_ old: Unicode.Scalar, by new: Unicode.Scalar, in text: String) -> String {
        guard text.unicodeScalars.contains(old) else { return text }
        var replaced = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { replaced.append(scalar == old ? new : scalar) }
        return String(replaced)
    }

    /// True for a character that no terminal shows and no field needs; a text of several lines needs the line feed.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a: false
        case 0..<0x20, 0x7f..<0xa0: true
        default: false
        }
    }

    private static func controlCharacter(in bytes: [UInt8]) -> Int? {
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x09, 0x0a, 0x0d: continue
            case 0..<0x20, 0x7f: return index
            case 0xc2 where index + 1 < bytes.count && (0x80..<0xa0).contains(bytes[index + 1]):
                if bytes[index + 1] != 0x85 { return index }
            default: continue
            }
        }
        return nil
    }

    private static func invalidLine(of bytes: [UInt8]) -> Int {
        // The last line that begins before the text stops to be valid: repairing puts a mark where the fault is.
        let repaired = String(decoding: bytes, as: UTF8.self)
        let before = repaired.unicodeScalars.prefix { $0 != "\u{FFFD}" }
        return before.reduce(1) { $0 + ($1 == "\n" ? 1 : 0) }
    }

    private static func line(at offset: Int, in bytes: [UInt8]) -> Int {
        bytes[..<offset].reduce(1) { $0 + ($1 == 0x0a ? 1 : 0) }
    }
}
