extension Rule {
    /// How long things may be and what stands beside them.
    static let shape: [Rule] = [
        Rule(
            "a file has at most 500 lines", because: "split it by topic, as in `Engine+Snapshots.swift`",
            in: { $0.isProgram }
        ) { $0.lineCount > 500 ? [501] : [] },
        Rule(
            "a line has at most 120 characters", because: "two files fit beside each other on a screen",
            in: { $0.isProgram }, find: longLines(in:)),
        Rule(
            "a function has at most 70 lines",
            because: "keep the `switch` in the parent and the work in functions of its own",
            in: { $0.isSwift }
        ) { file in
            Functions(in: file).filter { $0.lineCount > 70 }.map(\.line)
        },
        Rule(
            "what others may use is documented",
            because: "a `public` or `package` declaration starts with a one-sentence summary",
            in: { $0.isSwift && $0.isUnder("Sources") }, find: undocumented(in:)),
        Rule(
            "losing an error is explained",
            because: "`try?` swallows; a comment on its line or above says why that is right",
            in: { $0.isSwift }, find: unexplained(in:)),
    ]

    private static func longLines(in file: SourceFile) -> [Int] {
        (1...max(1, file.lineCount)).filter { line in
            file.byteCount(ofLine: line) > 120 && file.text(ofLine: line, in: \.bytes).unicodeScalars.count > 120
        }
    }

    private static let kinds: Set<Substring> = [
        "func", "var", "let", "struct", "class", "enum", "actor", "protocol", "typealias", "init", "subscript", "macro",
        "associatedtype",
    ]

    private static func undocumented(in file: SourceFile) -> [Int] {
        file.lines(of: ["public", "package", "open"], in: \.code).filter { line in
            let words = file.text(ofLine: line, in: \.code)
                .split { !$0.isLetter && !$0.isNumber && !"@_".contains($0) }
            guard let level = words.firstIndex(where: { ["public", "package", "open"].contains($0) }) else {
                return false
            }
            guard words[..<level].allSatisfy(isModifier) else { return false }
            guard words[level...].contains(where: kinds.contains) else { return false }
            return !isDocumented(line, in: file)
        }
    }

    private static func isModifier(_ word: Substring) -> Bool {
        word.hasPrefix("@")
            || [
                "final", "static", "mutating", "nonmutating", "nonisolated", "override", "convenience", "indirect",
                "discardableResult", "private", "set", "borrowing", "consuming", "required", "prefix", "postfix",
                "infix",
            ].contains(word)
    }

    private static func isDocumented(_ line: Int, in file: SourceFile) -> Bool {
        var above = line - 1
        while above > 0 {
            let text = file.text(ofLine: above, in: \.bytes).drop { $0 == " " }
            if text.hasPrefix("///") { return true }
            guard text.hasPrefix("@") || text.hasPrefix("#if") else { return false }
            above -= 1
        }
        return false
    }

    private static func unexplained(in file: SourceFile) -> [Int] {
        file.lines(of: ["try?"], in: \.code).filter { line in
            var above = line
            while above > 0 {
                if hasComment(above, in: file) { return false }
                above -= 1
                // A statement goes on over lines that end with a comma; the remark stands above all of it.
                guard above > 0, !isRemark(above, in: file) else { break }
                guard file.text(ofLine: above, in: \.code).last(where: { $0 != " " }) == "," else { return true }
            }
            return above == 0
        }
    }

    private static func isRemark(_ line: Int, in file: SourceFile) -> Bool {
        file.text(ofLine: line, in: \.bytes).drop { $0 == " " }.hasPrefix("//")
    }

    private static func hasComment(_ line: Int, in file: SourceFile) -> Bool {
        // Both strokes of a comment are blank in the code; inside a text they stand among the literals.
        let bytes = Array(file.text(ofLine: line, in: \.bytes).utf8)
        let code = Array(file.text(ofLine: line, in: \.code).utf8)
        let literals = Array(file.text(ofLine: line, in: \.literals).utf8)
        let stroke = UInt8(ascii: "/")
        return bytes.indices.dropLast().contains { index in
            bytes[index] == stroke && bytes[index + 1] == stroke && code[index] != stroke && literals[index] != stroke
        }
    }
}

/// The functions of a Swift file, and how long each is.
struct Functions: Sequence {
    /// A function with a body.
    struct Function {
        /// The line of the word `func`, `init`, `deinit` or `subscript`.
        let line: Int
        /// The lines from that word to the closing brace.
        let lineCount: Int
    }

    private let all: [Function]

    init(in file: SourceFile) {
        let starts = ["func", "init", "deinit", "subscript"].flatMap { SourceFile.offsets(of: $0, in: file.code) }
        all = starts.sorted().compactMap { Self.function(at: $0, in: file) }
    }

    func makeIterator() -> [Function].Iterator { all.makeIterator() }

    private static func function(at start: Int, in file: SourceFile) -> Function? {
        let code = file.code
        if start > 0, [UInt8(ascii: "."), UInt8(ascii: "#")].contains(code[start - 1]) { return nil }
        guard let body = bodyStart(after: start, in: code) else { return nil }
        var depth = 0
        for index in body..<code.count {
            if code[index] == UInt8(ascii: "{") { depth += 1 }
            if code[index] == UInt8(ascii: "}") {
                depth -= 1
                if depth == 0 {
                    let line = file.line(at: start)
                    return Function(line: line, lineCount: file.line(at: index) - line + 1)
                }
            }
        }
        return nil
    }

    /// The brace that opens the body, or nil for a requirement of a protocol.
    private static func bodyStart(after start: Int, in code: [UInt8]) -> Int? {
        var depth = 0
        var index = start
        while index < code.count {
            switch code[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return index
            case UInt8(ascii: "}") where depth <= 0: return nil
            case UInt8(ascii: "\n") where depth == 0:
                if startsDeclaration(after: index, in: code) { return nil }
            default: break
            }
            if depth < 0 { return nil }
            index += 1
        }
        return nil
    }

    /// True where the next word begins something new, so that what came before had no body.
    private static func startsDeclaration(after newline: Int, in code: [UInt8]) -> Bool {
        var start = newline
        while start < code.count, code[start] == UInt8(ascii: " ") || code[start] == UInt8(ascii: "\n") { start += 1 }
        var end = start
        while end < code.count, SourceFile.isNamePart(code[end]) || code[end] == UInt8(ascii: "@") { end += 1 }
        let word = String(decoding: code[start..<end], as: UTF8.self)
        return word.hasPrefix("@")
            || [
                "func", "var", "let", "init", "subscript", "associatedtype", "static", "mutating", "public", "package",
                "case", "struct", "enum", "extension", "protocol", "private", "nonisolated", "actor", "class",
                "typealias",
            ].contains(word)
    }
}
