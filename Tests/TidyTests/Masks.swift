/// What of a Swift or C file is code and what is the content of a string literal.
///
/// A rule that looks for `print(` must not be fooled by a comment or by a text that talks about printing, and a
/// rule that looks for SQL must see nothing but texts. So the file is read once, character by character, into two
/// masks that are as long as the file: each keeps its own bytes, and spaces stand for the rest. Line numbers
/// therefore agree in all three. The reader is a stack: a text may hold an interpolation, which is code, which may
/// hold a text.
struct Masks {
    /// The code; comments and the contents of texts are blank.
    private(set) var code: [UInt8]
    /// The contents of texts; everything else is blank.
    private(set) var literals: [UInt8]

    private enum Frame {
        /// Code, and how many parentheses are open; the closing one too many ends an interpolation.
        case code(parentheses: Int)
        case text(hashes: Int, isMultiline: Bool)
    }

    private let bytes: [UInt8]
    private let hasCharacterLiterals: Bool
    private var position = 0
    private var stack = [Frame.code(parentheses: 0)]

    init(_ bytes: [UInt8], hasCharacterLiterals: Bool = false) {
        self.bytes = bytes
        self.hasCharacterLiterals = hasCharacterLiterals
        // Most of a file is code: it is copied whole and the rest blanked out, so that code is only passed over.
        code = bytes
        literals = Array(repeating: UInt8(ascii: " "), count: bytes.count)
        for start in SourceFile.offsets(of: "\n", in: bytes, isWhole: false) { literals[start] = UInt8(ascii: "\n") }
        while position < bytes.count {
            switch stack.last ?? .code(parentheses: 0) {
            case .code(let parentheses): readCode(parentheses)
            case .text(let hashes, let isMultiline): readText(hashes, isMultiline)
            }
        }
    }

    private mutating func readCode(_ parentheses: Int) {
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "/") where next(is: "/"):
            blank(to: offset(of: "\n", after: position))
        case UInt8(ascii: "/") where next(is: "*"):
            skipBlockComment()
        case UInt8(ascii: "`"):
            readQuotedName()
        case UInt8(ascii: "'") where hasCharacterLiterals:
            skipCharacterLiteral()
        case UInt8(ascii: "\""), UInt8(ascii: "#"):
            readPossibleTextStart(byte)
        case UInt8(ascii: "("):
            replaceTop(.code(parentheses: parentheses + 1))
            keepCode()
        case UInt8(ascii: ")") where parentheses == 0 && stack.count > 1:
            stack.removeLast()
            blank(to: position + 1)
        case UInt8(ascii: ")"):
            replaceTop(.code(parentheses: parentheses - 1))
            keepCode()
        default:
            keepCode()
        }
    }

    private mutating func readText(_ hashes: Int, _ isMultiline: Bool) {
        let byte = bytes[position]
        if byte == UInt8(ascii: "\\"), follows(hashes, at: position + 1) {
            let escaped = position + 1 + hashes
            if escaped < bytes.count, bytes[escaped] == UInt8(ascii: "("), !hasCharacterLiterals {
                blank(to: escaped + 1)
                stack.append(.code(parentheses: 0))
            } else {
                blank(to: escaped + 1)
            }
            return
        }
        let quotes = isMultiline ? 3 : 1
        if byte == UInt8(ascii: "\""), quoteRun(at: position) >= quotes, follows(hashes, at: position + quotes) {
            blank(to: position + quotes + hashes)
            stack.removeLast()
            return
        }
        if byte == UInt8(ascii: "\n"), !isMultiline { stack.removeLast() }
        literals[position] = byte
        blank(to: position + 1)
    }

    private mutating func readPossibleTextStart(_ byte: UInt8) {
        var hashes = 0
        while position + hashes < bytes.count, bytes[position + hashes] == UInt8(ascii: "#") { hashes += 1 }
        let quotes = quoteRun(at: position + hashes)
        guard quotes > 0 else { return keepCode() }
        let isMultiline = quotes >= 3
        blank(to: position + hashes + (isMultiline ? 3 : 1))
        stack.append(.text(hashes: hashes, isMultiline: isMultiline))
    }

    /// A name in backticks may be a sentence with any word in it, so that it counts as one plain name.
    private mutating func readQuotedName() {
        code[position] = UInt8(ascii: "_")
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "`"), bytes[position] != UInt8(ascii: "\n") {
            code[position] = UInt8(ascii: "_")
            position += 1
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: "`") {
            code[position] = UInt8(ascii: "_")
            position += 1
        }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if bytes[position] == UInt8(ascii: "/"), next(is: "*") {
                depth += 1
                blank(to: position + 2)
            } else if bytes[position] == UInt8(ascii: "*"), next(is: "/") {
                depth -= 1
                blank(to: position + 2)
            } else {
                blank(to: position + 1)
            }
        } while depth > 0 && position < bytes.count
    }

    private mutating func skipCharacterLiteral() {
        blank(to: position + 1)
        while position < bytes.count, bytes[position] != UInt8(ascii: "'"), bytes[position] != UInt8(ascii: "\n") {
            blank(to: position + (bytes[position] == UInt8(ascii: "\\") ? 2 : 1))
        }
        blank(to: position + 1)
    }

    /// Takes what lies before the end out of the code, but for the ends of lines.
    private mutating func blank(to end: Int) {
        while position < min(end, bytes.count) {
            if bytes[position] != UInt8(ascii: "\n") { code[position] = UInt8(ascii: " ") }
            position += 1
        }
    }

    /// Passes over this character and all that follow up to the next one that can mean something.
    private mutating func keepCode() {
        position += 1
        bytes.withUnsafeBytes { all in
            while position < all.count, !Self.marks[Int(all[position])] { position += 1 }
        }
    }

    private static let marks: [Bool] = (0...255).map { "/`'\"#()".utf8.contains(UInt8($0)) }

    private func offset(of character: Unicode.Scalar, after start: Int) -> Int {
        bytes[start...].firstIndex(of: UInt8(ascii: character)) ?? bytes.count
    }

    private mutating func replaceTop(_ frame: Frame) {
        stack[stack.count - 1] = frame
    }

    private func next(is character: Unicode.Scalar) -> Bool {
        position + 1 < bytes.count && bytes[position + 1] == UInt8(ascii: character)
    }

    private func follows(_ hashes: Int, at start: Int) -> Bool {
        guard hashes > 0 else { return true }
        return start + hashes <= bytes.count && bytes[start..<start + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private func quoteRun(at start: Int) -> Int {
        var count = 0
        while start + count < bytes.count, bytes[start + count] == UInt8(ascii: "\"") { count += 1 }
        return count
    }
}
