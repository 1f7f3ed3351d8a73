/// What may stand as the value of a field whose name ends in `.$`: a path or a call of an intrinsic function.
indirect enum Expression: Sendable, Hashable {
    case literal(JSONValue)
    case path(JSONPath)
    /// The template of `States.Format`, in pieces between its placeholders.
    case template(FormatTemplate)
    case call(IntrinsicFunction, [Expression], text: String)
    /// A quoted text with an open backslash, which the specification makes an error of the run, not of the definition.
    case invalidText(String)

    /// How deep calls may nest, as on AWS.
    static let depthLimit = 10

    /// Parses the whole text of a field.
    init(parsing text: String) throws(PathSyntaxError) {
        var scanner = TextScanner(text)
        if scanner.current == UInt8(ascii: "$") {
            self = .path(try JSONPath(scanning: &scanner))
        } else if text.hasPrefix("States.") {
            self = try Self.call(&scanner, depth: 1)
        } else {
            throw scanner.error("a path ('$...') or an intrinsic function ('States...') is expected")
        }
        guard scanner.isAtEnd else { throw scanner.error("unexpected text behind the expression") }
    }

    private static func call(_ scanner: inout TextScanner, depth: Int) throws(PathSyntaxError) -> Expression {
        let start = scanner.position
        guard depth <= depthLimit else { throw scanner.error("calls nest deeper than \(depthLimit)") }
        while isNameByte(scanner.current) { scanner.position += 1 }
        let name = scanner.text(from: start)
        guard let function = IntrinsicFunction(rawValue: name) else {
            throw scanner.error("there is no intrinsic function '\(name)'", at: start)
        }
        guard scanner.skip("(") else { throw scanner.error("'(' is expected after '\(name)'") }
        var arguments: [Expression] = []
        scanner.skipSpaces()
        if !scanner.skip(")") {
            repeat {
                scanner.skipSpaces()
                let isTemplate = function == .format && arguments.isEmpty
                arguments.append(try argument(&scanner, depth: depth, isTemplate: isTemplate))
                scanner.skipSpaces()
            } while scanner.skip(",")
            guard scanner.skip(")") else { throw scanner.error("',' or ')' is expected here") }
        }
        try check(arguments, of: function, in: scanner, at: start)
        return .call(function, arguments, text: scanner.text(from: start))
    }

    private static func check(
        _ arguments: [Expression], of function: IntrinsicFunction, in scanner: TextScanner, at start: Int
    ) throws(PathSyntaxError) {
        let name = function.rawValue
        guard function.argumentCounts.contains(arguments.count) else {
            throw scanner.error("'\(name)' does not take \(arguments.count) arguments", at: start)
        }
        if case .template(let template) = arguments.first, template.placeholderCount != arguments.count - 1 {
            throw scanner.error(
                "the template has \(template.placeholderCount) placeholders for \(arguments.count - 1) values",
                at: start)
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func argument(
        _ scanner: inout TextScanner, depth: Int, isTemplate: Bool
    ) throws(PathSyntaxError) -> Expression {
        switch scanner.current {
        case UInt8(ascii: "$"): return .path(try JSONPath(scanning: &scanner))
        case UInt8(ascii: "'"):
            let start = scanner.position
            scanner.hasOpenBackslash = false
            let text = try scanner.quoted()
            if scanner.hasOpenBackslash {
                return .invalidText("The text \(scanner.text(from: start)) has an open backslash; write it twice.")
            }
            guard isTemplate else { return .literal(.string(text)) }
            // The template needs its backslashes, which tell a placeholder from two plain braces.
            let raw = String(decoding: scanner.bytes[(start + 1)..<(scanner.position - 1)], as: UTF8.self)
            return .template(FormatTemplate(raw))
        case UInt8(ascii: "S"): return try call(&scanner, depth: depth + 1)
        default: return .literal(try bareLiteral(&scanner))
        }
    }

    /// Reads a number, `true`, `false` or `null`.
    private static func bareLiteral(_ scanner: inout TextScanner) throws(PathSyntaxError) -> JSONValue {
        let start = scanner.position
        while isNameByte(scanner.current) || scanner.current == UInt8(ascii: "-")
            || scanner.current == UInt8(ascii: "+")
        {
            scanner.position += 1
        }
        do {
            return try JSONValue(parsing: Array(scanner.bytes[start..<scanner.position]))
        } catch {
            throw scanner.error("a path, a literal or a call is expected as an argument", at: start)
        }
    }
}

extension Expression {
    /// The value; `field` is the name that an error message gives to the place.
    func value(in scope: Scope, field: String, random: inout SeededRandom) throws(StateError) -> JSONValue {
        switch self {
        case .literal(let value): return value
        case .template(let template): return .string(template.text)
        case .invalidText(let message): throw StateError(ErrorName.intrinsicFailure, message)
        case .path(let path):
            do {
                return try path.value(in: scope)
            } catch {
                throw Self.failure(
                    error, path, in: scope, "The JSONPath '\(path.text)' specified for the field '\(field)'")
            }
        case .call(let function, let arguments, let text):
            return try Self.call(function, arguments, text: text, in: scope, random: &random)
        }
    }

    /// What AWS makes of a path without a value: a `States.Runtime` that shows the document.
    private static func failure(
        _ error: PathMissing, _ path: JSONPath, in scope: Scope, _ subject: String
    ) -> StateError {
        switch error.reason {
        case .missing:
            let document = path.document(in: scope).serialized()
            return StateError(ErrorName.runtime, "\(subject) could not be found in the input '\(document)'")
        case .nullInput: return StateError(ErrorName.runtime, error.message)
        case .unusable: return StateError(ErrorName.runtime, "Invalid path '\(path.text)' : \(error.message)")
        }
    }

    private static func call(
        _ function: IntrinsicFunction, _ arguments: [Expression], text: String, in scope: Scope,
        random: inout SeededRandom
    ) throws(StateError) -> JSONValue {
        let template: FormatTemplate?
        if case .template(let first) = arguments.first { template = first } else { template = nil }
        let computed = template == nil ? arguments[...] : arguments.dropFirst()
        let values = try Self.values(computed, in: scope, random: &random, of: text)
        do {
            if let template { return .string(try template.filled(with: values)) }
            return try function.call(values, random: &random)
        } catch {
            guard !error.isOfSize else { throw Payload.tooLarge }
            throw StateError(
                ErrorName.intrinsicFailure, "The function '\(text)' had the following error: \(error.message)")
        }
    }

    private static func values(
        _ arguments: ArraySlice<Expression>, in scope: Scope, random: inout SeededRandom, of call: String
    ) throws(StateError) -> [JSONValue] {
        var values: [JSONValue] = []
        values.reserveCapacity(arguments.count)
        for argument in arguments {
            if case .path(let path) = argument {
                do {
                    values.append(try path.value(in: scope))
                } catch {
                    let subject = "The function '\(call)' had the following error: The JsonPath argument for the field "
                    throw failure(error, path, in: scope, subject + "'\(path.text)'")
                }
            } else {
                values.append(try argument.value(in: scope, field: call, random: &random))
            }
        }
        return values
    }
}
