// A signature such as `<s-:n>` names the types of the parameters and of the result. Arguments are matched against it
// as the
// reference does: as a text of one letter for each argument against a pattern of one part for each parameter, so that
// an
// optional parameter in the middle can be left out, and the context can stand in for a missing first argument.

/// What types of arguments a function takes.
struct Signature: Sendable {
    private struct Parameter: Sendable {
        /// The letters of the types that fit; a missing value (`m`) always does.
        var types: Set<UInt8>
        /// Whether the context takes the place of a missing argument.
        var takesContext = false
        var isOptional = false
        var repeats = false
        /// Whether a value that is no array becomes an array of one element.
        var isArray = false
        /// The type of an array's elements.
        var subtype: UInt8?
    }

    private var parameters: [Parameter] = []

    /// How many parameters there are.
    var count: Int { parameters.count }

    static let transform = Signature([Parameter(types: Set("oa".utf8).union(missing))])
    private static let missing = Set("m".utf8)

    private init(_ parameters: [Parameter]) { self.parameters = parameters }

    /// Reads the text of a signature, with its angle brackets.
    init(parsing text: String, at offset: Int) throws(JSONataError) {
        let bytes = Array(text.utf8)
        var position = 1
        while position < bytes.count, bytes[position] != UInt8(ascii: ":"), bytes[position] != UInt8(ascii: ">") {
            let letter = bytes[position]
            switch letter {
            case UInt8(ascii: "-"):
                guard !parameters.isEmpty else { break }
                parameters[parameters.count - 1].takesContext = true
                parameters[parameters.count - 1].isOptional = true
            case UInt8(ascii: "?"):
                guard !parameters.isEmpty else { break }
                parameters[parameters.count - 1].isOptional = true
            case UInt8(ascii: "+"):
                guard !parameters.isEmpty else { break }
                parameters[parameters.count - 1].repeats = true
            case UInt8(ascii: "("):
                let end = bytes[position...].firstIndex(of: UInt8(ascii: ")")) ?? bytes.count
                let choice = bytes[(position + 1)..<end]
                guard !choice.contains(UInt8(ascii: "<")) else {
                    throw JSONataError(.s0402, value: String(decoding: choice, as: UTF8.self), at: offset)
                }
                parameters.append(Parameter(types: Set(choice).union(Self.missing)))
                position = end
            case UInt8(ascii: "<"):
                let end = Self.closing(bytes, from: position)
                try setSubtype(bytes[(position + 1)..<end], at: offset)
                position = end
            default: if let parameter = Self.parameter(letter) { parameters.append(parameter) }
            }
            position += 1
        }
    }

    private static func closing(_ bytes: [UInt8], from start: Int) -> Int {
        var depth = 0
        for position in start..<bytes.count {
            if bytes[position] == UInt8(ascii: "<") { depth += 1 }
            if bytes[position] == UInt8(ascii: ">") { depth -= 1 }
            if depth == 0 { return position }
        }
        return bytes.count
    }

    private static func parameter(_ letter: UInt8) -> Parameter? {
        switch letter {
        case UInt8(ascii: "s"), UInt8(ascii: "n"), UInt8(ascii: "b"), UInt8(ascii: "l"), UInt8(ascii: "o"):
            Parameter(types: missing.union([letter]))
        case UInt8(ascii: "a"): Parameter(types: Set("asnblfom".utf8), isArray: true)
        case UInt8(ascii: "f"): Parameter(types: Set("f".utf8))
        case UInt8(ascii: "j"): Parameter(types: Set("asnblom".utf8))
        case UInt8(ascii: "x"): Parameter(types: Set("asnblfom".utf8))
        default: nil
        }
    }

    private mutating func setSubtype(_ subtype: ArraySlice<UInt8>, at offset: Int) throws(JSONataError) {
        guard let last = parameters.last, last.isArray || last.types.contains(UInt8(ascii: "f")) else {
            throw JSONataError(.s0401, at: offset)
        }
        if last.isArray { parameters[parameters.count - 1].subtype = subtype.first }
    }
}

// MARK: Matching

extension Signature {
    /// The letter of a value's type; `m` when there is none.
    private static func letter(of value: Value) -> UInt8 {
        switch value {
        case .undefined: UInt8(ascii: "m")
        case .null: UInt8(ascii: "l")
        case .bool: UInt8(ascii: "b")
        case .number: UInt8(ascii: "n")
        case .string: UInt8(ascii: "s")
        case .array, .tuples: UInt8(ascii: "a")
        case .object: UInt8(ascii: "o")
        case .function, .tailCall: UInt8(ascii: "f")
        }
    }

    /// The arguments as the function wants them, or the error that says which one does not fit.
    func validated(_ arguments: [Value], context: Value) throws(JSONataError) -> [Value] {
        let letters = arguments.map(Self.letter)
        var counts: [Int] = []
        var furthest = 0
        guard match(letters, from: 0, parameter: 0, &counts, &furthest) else {
            throw JSONataError(.t0410, argument: min(furthest, max(letters.count - 1, 0)) + 1)
        }
        var result: [Value] = []
        var position = 0
        for (parameter, count) in zip(parameters, counts) {
            if count == 0 {
                if parameter.takesContext {
                    guard parameter.types.contains(Self.letter(of: context)) else {
                        throw JSONataError(.t0411, argument: position + 1)
                    }
                    result.append(context)
                } else {
                    result.append(position < arguments.count ? arguments[position] : .undefined)
                    position += 1
                }
            }
            for _ in 0..<count {
                // As in the reference, a left-out parameter in the middle has taken the argument of the next.
                let value = position < arguments.count ? arguments[position] : .undefined
                result.append(try Self.fitted(value, to: parameter, at: position))
                position += 1
            }
        }
        return result
    }

    /// Finds how many arguments each parameter takes: as many as it can, fewer when the rest does not fit otherwise.
    private func match(
        _ letters: [UInt8], from start: Int, parameter index: Int, _ counts: inout [Int], _ furthest: inout Int
    ) -> Bool {
        furthest = max(furthest, start)
        guard index < parameters.count else { return start == letters.count }
        let parameter = parameters[index]
        let limit = parameter.repeats ? letters.count - start : 1
        var available = 0
        while available < limit, start + available < letters.count,
            parameter.types.contains(letters[start + available])
        {
            available += 1
        }
        let least = parameter.isOptional ? 0 : 1
        guard available >= least else { return false }
        for count in stride(from: available, through: least, by: -1) {
            counts.append(count)
            if match(letters, from: start + count, parameter: index + 1, &counts, &furthest) { return true }
            counts.removeLast()
        }
        return false
    }

    private static func fitted(_ value: Value, to parameter: Parameter, at position: Int) throws(JSONataError) -> Value
    {
        guard parameter.isArray else { return value }
        let letter = letter(of: value)
        if letter == UInt8(ascii: "m") { return .undefined }
        guard case .array(let list) = value else {
            if let subtype = parameter.subtype, letter != subtype { throw mismatch(subtype, at: position) }
            return .array(List([value]))
        }
        if let subtype = parameter.subtype, !list.isEmpty {
            for index in 0..<list.count where Self.letter(of: list[index]) != subtype {
                throw mismatch(subtype, at: position)
            }
        }
        return value
    }

    private static func mismatch(_ subtype: UInt8, at position: Int) -> JSONataError {
        let type =
            switch subtype {
            case UInt8(ascii: "a"): "arrays"
            case UInt8(ascii: "b"): "booleans"
            case UInt8(ascii: "f"): "functions"
            case UInt8(ascii: "n"): "numbers"
            case UInt8(ascii: "o"): "objects"
            default: "strings"
            }
        return JSONataError(.t0412, argument: position + 1, type: type)
    }
}
