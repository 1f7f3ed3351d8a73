/// Cuts the text of an expression into tokens.
struct Tokenizer {
    let bytes: [UInt8]
    var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    /// The byte some places ahead, or 0 beyond the end.
    func byte(_ ahead: Int = 0) -> UInt8 {
        position + ahead < bytes.count ? bytes[position + ahead] : 0
    }

    /// The next token; `/` divides where an operator may stand, and begins a regular expression elsewhere.
    mutating func next(afterOperand: Bool) throws(JSONataError) -> Token {
        try skipSpaceAndComments()
        guard position < bytes.count else { return Token(kind: .end, text: "(end)", end: bytes.count) }
        let first = byte()
        if first == UInt8(ascii: "/"), !afterOperand { return try regex() }
        if let length = operatorLength() {
            position += length
            let text = String(decoding: bytes[(position - length)..<position], as: UTF8.self)
            return Token(kind: .operator, text: text, end: position)
        }
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try string()
        case UInt8(ascii: "`"): return try quotedName()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return word()
        }
    }

    private mutating func skipSpaceAndComments() throws(JSONataError) {
        while position < bytes.count {
            if Self.isSpace(byte()) {
                position += 1
            } else if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
                let start = position
                position += 2
                while !(byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/")) {
                    guard position < bytes.count else { throw JSONataError(.s0106, at: start) }
                    position += 1
                }
                position += 2
            } else {
                return
            }
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0B).contains(byte) || byte == 0x0D }

    /// The length of the operator that stands here, or nil.
    private func operatorLength() -> Int? {
        let (first, second) = (byte(), byte(1))
        switch (first, second) {
        case (UInt8(ascii: "."), UInt8(ascii: ".")), (UInt8(ascii: ":"), UInt8(ascii: "=")),
            (UInt8(ascii: "!"), UInt8(ascii: "=")), (UInt8(ascii: ">"), UInt8(ascii: "=")),
            (UInt8(ascii: "<"), UInt8(ascii: "=")), (UInt8(ascii: "*"), UInt8(ascii: "*")),
            (UInt8(ascii: "~"), UInt8(ascii: ">")), (UInt8(ascii: "?"), UInt8(ascii: ":")),
            (UInt8(ascii: "?"), UInt8(ascii: "?")):
            return 2
        default: return Self.isOperator(first) ? 1 : nil
        }
    }

    /// Tells whether a byte is an operator alone, which also ends a name.
    static func isOperator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: ","), UInt8(ascii: "@"), UInt8(ascii: "#"),
            UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "?"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "%"), UInt8(ascii: "|"), UInt8(ascii: "="),
            UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "^"), UInt8(ascii: "&"), UInt8(ascii: "!"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }

    private mutating func quotedName() throws(JSONataError) -> Token {
        let start = position + 1
        guard let end = bytes[start...].firstIndex(of: UInt8(ascii: "`")) else {
            throw JSONataError(.s0105, at: bytes.count)
        }
        position = end + 1
        return Token(kind: .name, text: String(decoding: bytes[start..<end], as: UTF8.self), end: position)
    }

    /// Reads a name, a variable or a keyword: all up to white space or an operator.
    private mutating func word() -> Token {
        let start = position
        while position < bytes.count, !Self.isSpace(byte()), !Self.isOperator(byte()) { position += 1 }
        if bytes[start] == UInt8(ascii: "$") {
            let name = String(decoding: bytes[(start + 1)..<position], as: UTF8.self)
            return Token(kind: .variable, text: name, end: position)
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        switch text {
        case "or", "in", "and": return Token(kind: .operator, text: text, end: position)
        case "true": return Token(kind: .constant(true), text: text, end: position)
        case "false": return Token(kind: .constant(false), text: text, end: position)
        case "null": return Token(kind: .constant(nil), text: text, end: position)
        default: return Token(kind: .name, text: text, end: position)
        }
    }
}
