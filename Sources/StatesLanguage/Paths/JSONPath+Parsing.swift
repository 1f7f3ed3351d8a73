extension JSONPath {
    /// Parses a path and stops behind it, so that a path may stand among the arguments of a function.
    init(scanning scanner: inout TextScanner) throws(PathSyntaxError) {
        let start = scanner.position
        guard scanner.skip("$") else { throw scanner.error("a path begins with '$'") }
        let root = scanner.skip("$") ? Root.context : Self.variable(&scanner).map(Root.variable) ?? .input
        var steps: [Step] = []
        while true {
            switch scanner.current {
            case UInt8(ascii: "."): steps.append(try Self.dotStep(&scanner))
            case UInt8(ascii: "["): steps.append(try Self.bracketStep(&scanner))
            default:
                self.init(text: scanner.text(from: start), root: root, steps: steps)
                return
            }
        }
    }

    /// Reads the name of a workflow variable directly behind the `$`, or nothing.
    private static func variable(_ scanner: inout TextScanner) -> String? {
        let start = scanner.position
        while isNameByte(scanner.current) { scanner.position += 1 }
        return scanner.position > start ? scanner.text(from: start) : nil
    }

    /// Tells whether a byte may stand in a name behind a dot; all of any character beyond ASCII may.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, 0x7F: false
        case UInt8(ascii: "."), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "("), UInt8(ascii: ")"): false
        case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "@"), UInt8(ascii: ","), UInt8(ascii: "'"): false
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): false
        default: true
        }
    }

    private static func dotStep(_ scanner: inout TextScanner) throws(PathSyntaxError) -> Step {
        scanner.position += 1
        if scanner.current == UInt8(ascii: ".") {
            throw scanner.error("recursive descent ('..') is not supported yet", at: scanner.position - 1)
        }
        if scanner.skip("*") { return .wildcard }
        let start = scanner.position
        while isNameByte(scanner.current) { scanner.position += 1 }
        guard scanner.position > start else { throw scanner.error("a member's name is expected after '.'") }
        if scanner.current == UInt8(ascii: "(") {
            throw scanner.error("functions in paths are not supported yet", at: start)
        }
        return .member(scanner.text(from: start))
    }

    private static func bracketStep(_ scanner: inout TextScanner) throws(PathSyntaxError) -> Step {
        scanner.position += 1
        scanner.skipSpaces()
        let step: Step
        switch scanner.current {
        case UInt8(ascii: "*"):
            scanner.position += 1
            step = .wildcard
        case UInt8(ascii: "'"), UInt8(ascii: "\""): step = try names(&scanner)
        case UInt8(ascii: "?"), UInt8(ascii: "("): throw scanner.error("filters are not supported yet")
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
            names.append(try scanner.quoted())
            scanner.skipSpaces()
        } while scanner.skip(",")
        return names.count == 1 ? .member(names[0]) : .members(names)
    }

    private static func numbers(_ scanner: inout TextScanner) throws(PathSyntaxError) -> Step {
        let first = try scanner.integer()
        scanner.skipSpaces()
        if scanner.skip(":") {
            scanner.skipSpaces()
            return .slice(from: first, to: try scanner.integer())
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
