// The grammar of a filter, loosest binding first: alternatives joined by `||`, each of parts joined by `&&`, each an
// optional `!` before parentheses, an existence test or a comparison.

extension PathFilter {
    /// Parses `?(...)` at the question mark.
    init(scanning scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) {
        scanner.position += 1
        scanner.skipSpaces()
        guard scanner.current == UInt8(ascii: "(") else { throw scanner.error("'(' is expected after '?'") }
        self = try Self.part(&scanner, depth: depth)
    }

    private static func alternatives(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> PathFilter {
        // The filter's own brackets are one level, its parentheses the next.
        guard depth <= depthLimit + 1 else { throw scanner.error("the filter nests deeper than \(depthLimit)") }
        var alternatives = [try conjunction(&scanner, depth: depth)]
        while scanner.skip("||") { alternatives.append(try conjunction(&scanner, depth: depth)) }
        return alternatives.count == 1 ? alternatives[0] : .any(alternatives)
    }

    private static func conjunction(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> PathFilter {
        var parts = [try part(&scanner, depth: depth)]
        while scanner.skip("&&") { parts.append(try part(&scanner, depth: depth)) }
        return parts.count == 1 ? parts[0] : .all(parts)
    }

    private static func part(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> PathFilter {
        scanner.skipSpaces()
        var isNegated = false
        while scanner.skip("!") {
            isNegated.toggle()
            scanner.skipSpaces()
        }
        let part: PathFilter
        if scanner.skip("(") {
            part = try alternatives(&scanner, depth: depth + 1)
            guard scanner.skip(")") else { throw scanner.error("')' is expected here") }
        } else {
            part = try test(&scanner, depth: depth)
        }
        scanner.skipSpaces()
        return isNegated ? .not(part) : part
    }

    /// Reads a comparison, or a path alone, which asks whether it is there.
    private static func test(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> PathFilter {
        let left = try operand(&scanner, depth: depth)
        scanner.skipSpaces()
        switch scanner.current {
        case UInt8(ascii: ")"), UInt8(ascii: "&"), UInt8(ascii: "|"):
            guard case .path(let path) = left else { throw scanner.error("a comparison is expected here") }
            return .exists(path)
        default: break
        }
        if scanner.skip("=~") {
            scanner.skipSpaces()
            return .matches(left, try regularExpression(&scanner))
        }
        let comparison = try comparison(&scanner)
        scanner.skipSpaces()
        return .compare(left, comparison, try operand(&scanner, depth: depth))
    }

    private static func comparison(_ scanner: inout TextScanner) throws(PathSyntaxError) -> Comparison {
        let start = scanner.position
        for comparison in Comparison.allCases where comparison.isSymbol && scanner.skip(comparison.rawValue) {
            return comparison
        }
        let word = scanner.word().lowercased()
        guard let comparison = Comparison(rawValue: word), !comparison.isSymbol else {
            throw scanner.error("a comparison such as '==' is expected here", at: start)
        }
        return comparison
    }

    /// Reads `/pattern/` or `/pattern/i`, which must describe the whole text.
    private static func regularExpression(_ scanner: inout TextScanner) throws(PathSyntaxError) -> RegularExpression {
        let start = scanner.position
        guard scanner.skip("/") else { throw scanner.error("a regular expression is expected here") }
        while scanner.current != UInt8(ascii: "/") {
            guard !scanner.isAtEnd else { throw scanner.error("the regular expression does not end", at: start) }
            // What a backslash stands before is never the end.
            scanner.position += scanner.current == UInt8(ascii: "\\") ? 2 : 1
        }
        let pattern = scanner.text(from: start + 1)
        scanner.position += 1
        let ignoresCase = scanner.skip("i")
        do {
            return try RegularExpression("^(?:\(pattern))$", ignoresCase: ignoresCase)
        } catch {
            throw scanner.error("the regular expression is not valid (\(error.message))", at: start)
        }
    }

    private static func operand(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> Operand {
        switch scanner.current {
        case UInt8(ascii: "@"), UInt8(ascii: "$"): return .path(try JSONPath.path(&scanner, depth: depth))
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .literal(.string(try scanner.quotedName()))
        case UInt8(ascii: "["), UInt8(ascii: "{"): return .literal(try scanner.container())
        default: return .literal(try word(&scanner))
        }
    }

    /// Reads a number, `true`, `false` or `null`; any other word is a string, whose quotes AWS lets one leave out.
    private static func word(_ scanner: inout TextScanner) throws(PathSyntaxError) -> JSONValue {
        let start = scanner.position
        let word = scanner.word()
        guard !word.isEmpty else { throw scanner.error("a path or a value is expected here", at: start) }
        // Not JSON is what a bare string is.
        return (try? JSONValue(parsing: word)) ?? .string(word)
    }
}

extension PathFilter.Comparison {
    fileprivate var isSymbol: Bool { rawValue.utf8.first.map { $0 < UInt8(ascii: "A") } ?? false }
}

extension TextScanner {
    /// Steps over bytes if they are the given ones.
    fileprivate mutating func skip(_ text: String) -> Bool {
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    /// Reads up to a space, a bracket, a comma or an operator.
    fileprivate mutating func word() -> String {
        let start = position
        loop: while !isAtEnd {
            switch current {
            case 0...0x20, UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"): break loop
            case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: ","):
                break loop
            case UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "@"):
                break loop
            default: position += 1
            }
        }
        return text(from: start)
    }

    /// Reads a JSON array or object, in which strings may also stand in single quotes.
    fileprivate mutating func container() throws(PathSyntaxError) -> JSONValue {
        let start = position
        var json: [UInt8] = []
        var depth = 0
        repeat {
            guard !isAtEnd else { throw error("the value does not end", at: start) }
            switch current {
            case UInt8(ascii: "'"), UInt8(ascii: "\""):
                json.append(contentsOf: JSONValue.string(try quotedName()).serializedBytes())
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
            json.append(current)
            position += 1
        } while depth > 0
        do {
            return try JSONValue(parsing: json)
        } catch {
            throw self.error("the value is not JSON (\(error.message))", at: start)
        }
    }
}
