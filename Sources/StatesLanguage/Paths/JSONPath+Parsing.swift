extension JSONPath {
    /// Parses a path and stops behind it, so that a path may stand among the arguments of a function.
    init(scanning scanner: inout TextScanner) throws(PathSyntaxError) {
        self = try Self.path(&scanner, depth: 0)
    }

    /// Parses a path at the `$` or, inside a filter, the `@` that it begins with.
    static func path(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> JSONPath {
        let start = scanner.position
        let root: Root
        if depth > 0, scanner.skip("@") {
            root = .current
        } else {
            guard scanner.skip("$") else { throw scanner.error("a path begins with '$'") }
            // Inside a filter `$` is the document that the path is applied to, whatever that is.
            root = depth > 0 ? .input : try outerRoot(&scanner)
        }
        var steps: [Step] = []
        while let step = try step(&scanner, depth: depth) {
            steps.append(step)
            guard steps.count <= stepLimit else { throw scanner.error("the path has more than \(stepLimit) steps") }
        }
        return JSONPath(text: scanner.text(from: start), root: root, steps: steps)
    }

    private static func outerRoot(_ scanner: inout TextScanner) throws(PathSyntaxError) -> Root {
        if scanner.skip("$") { return .context }
        let start = scanner.position
        while isNameByte(scanner.current) { scanner.position += 1 }
        guard scanner.position > start else { return .input }
        let name = scanner.text(from: start)
        guard isVariableName(name) else { throw scanner.error("'\(name)' is not a variable's name", at: start) }
        return .variable(name)
    }

    /// Tells whether a text may be the name of a workflow variable: a Unicode identifier (UAX 31).
    static func isVariableName(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first == "_" || first.beginsName else { return false }
        return name.unicodeScalars.allSatisfy(\.continuesName)
    }

    /// Tells whether a byte may stand in a name behind a dot; all of any character beyond ASCII may.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F: false
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"): false
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: ","), UInt8(ascii: "'"): false
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): false
        default: true
        }
    }

    /// In a filter a name also ends where an operator begins.
    private static func isNameByte(_ byte: UInt8, depth: Int) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "~"),
            UInt8(ascii: "&"), UInt8(ascii: "|"):
            depth == 0
        default: isNameByte(byte)
        }
    }

    private static func step(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> Step? {
        switch scanner.current {
        case UInt8(ascii: "["): return try bracketStep(&scanner, depth: depth)
        case UInt8(ascii: "."):
            scanner.position += 1
            guard scanner.skip(".") else { return try dottedStep(&scanner, depth: depth) }
            return .descend(try dottedStep(&scanner, depth: depth))
        default: return nil
        }
    }

    /// Reads what stands behind a dot: a name, `*`, or brackets all the same.
    private static func dottedStep(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> Step {
        if scanner.skip("*") { return .wildcard }
        if scanner.current == UInt8(ascii: "[") { return try bracketStep(&scanner, depth: depth) }
        let start = scanner.position
        while isNameByte(scanner.current, depth: depth) { scanner.position += 1 }
        guard scanner.position > start else { throw scanner.error("a member's name is expected after '.'") }
        if scanner.current == UInt8(ascii: "(") { try functionArguments(&scanner) }
        return .member(scanner.text(from: start))
    }

    /// Steps over the arguments of a function: AWS takes the whole call for a member's name, which nothing has.
    private static func functionArguments(_ scanner: inout TextScanner) throws(PathSyntaxError) {
        let start = scanner.position
        var depth = 0
        repeat {
            guard !scanner.isAtEnd else { throw scanner.error("')' is missing", at: start) }
            if scanner.current == UInt8(ascii: "(") { depth += 1 }
            if scanner.current == UInt8(ascii: ")") { depth -= 1 }
            scanner.position += 1
        } while depth > 0
    }

    private static func bracketStep(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> Step {
        scanner.position += 1
        scanner.skipSpaces()
        let step: Step
        switch scanner.current {
        case UInt8(ascii: "*"):
            scanner.position += 1
            step = .wildcard
        case UInt8(ascii: "'"), UInt8(ascii: "\""): step = try names(&scanner)
        case UInt8(ascii: "?"): step = .filter(try PathFilter(scanning: &scanner, depth: depth + 1))
        case UInt8(ascii: "("): throw scanner.error("an index is a number; calculated ones are not supported")
        default: step = try numbers(&scanner)
        }
        scanner.skipSpaces()
        guard scanner.skip("]") else { throw scanner.error("']' is expected here") }
        return step
    }

    private static func names(_ scanner: inout TextScanner) throws(PathSyntaxError) -> Step {
        var names: [String] = []
        repeat {
            scanner.skipSpaces()
            guard scanner.current == UInt8(ascii: "'") || scanner.current == UInt8(ascii: "\"") else {
                throw scanner.error("a quoted name is expected here")
            }
            names.append(try scanner.quotedName())
            scanner.skipSpaces()
        } while scanner.skip(",")
        return names.count == 1 ? .member(names[0]) : .members(names)
    }

    private static func numbers(_ scanner: inout TextScanner) throws(PathSyntaxError) -> Step {
        let first = try scanner.integer()
        scanner.skipSpaces()
        if scanner.skip(":") {
            scanner.skipSpaces()
            let end = try scanner.integer()
            guard first != nil || end != nil else { throw scanner.error("a slice needs at least one end") }
            return .slice(from: first, to: end)
        }
        guard let first else { throw scanner.error("a name, an index or '*' is expected in brackets") }
        var indexes = [first]
        while scanner.skip(",") {
            scanner.skipSpaces()
            guard let index = try scanner.integer() else { throw scanner.error("an index is expected here") }
            indexes.append(index)
            scanner.skipSpaces()
        }
        return indexes.count == 1 ? .index(first) : .indexes(indexes)
    }
}
