/// Why a call of an intrinsic function fails.
struct IntrinsicError: Error {
    let message: String
    /// Whether the result is larger than any state's can be, which is no error of the function.
    let isOfSize: Bool

    static let tooLarge = IntrinsicError("the result has more than \(Payload.byteLimit) bytes", isOfSize: true)

    init(_ message: String, isOfSize: Bool = false) {
        self.message = message
        self.isOfSize = isOfSize
    }
}

/// The intrinsic functions of the States Language.
enum IntrinsicFunction: String, Sendable, Hashable, CaseIterable {
    case array = "States.Array"
    case arrayContains = "States.ArrayContains"
    case arrayGetItem = "States.ArrayGetItem"
    case arrayLength = "States.ArrayLength"
    case arrayPartition = "States.ArrayPartition"
    case arrayRange = "States.ArrayRange"
    case arrayUnique = "States.ArrayUnique"
    case base64Decode = "States.Base64Decode"
    case base64Encode = "States.Base64Encode"
    case format = "States.Format"
    case hash = "States.Hash"
    case jsonMerge = "States.JsonMerge"
    case jsonToString = "States.JsonToString"
    case mathAdd = "States.MathAdd"
    case mathRandom = "States.MathRandom"
    case stringSplit = "States.StringSplit"
    case stringToJson = "States.StringToJson"
    case uuid = "States.UUID"

    /// The most elements that `States.ArrayRange` may make, as on AWS.
    static let rangeLimit = 1_000
    /// The most characters that the Base64 functions and `States.Hash` take, as on AWS.
    static let textLimit = 10_000

    /// How many arguments a call may have.
    var argumentCounts: ClosedRange<Int> {
        switch self {
        case .array: 0...1_000
        case .format: 1...1_000
        case .uuid: 0...0
        case .arrayLength, .arrayUnique, .base64Decode, .base64Encode, .jsonToString, .stringToJson: 1...1
        case .arrayContains, .arrayGetItem, .arrayPartition, .hash, .mathAdd, .stringSplit: 2...2
        case .mathRandom: 2...3
        case .arrayRange, .jsonMerge: 3...3
        }
    }

    /// The result for arguments whose number has been checked.
    func call(_ arguments: [JSONValue], random: inout SeededRandom) throws(IntrinsicError) -> JSONValue {
        switch self {
        case .array: return .array(arguments)
        case .arrayContains: return .bool(try Self.array(arguments[0]).contains(arguments[1]))
        case .arrayGetItem: return try Self.item(of: Self.array(arguments[0]), at: Self.integer(arguments[1]))
        case .arrayLength: return .number(JSONNumber(try Self.array(arguments[0]).count))
        case .arrayPartition: return try Self.partition(Self.array(arguments[0]), by: Self.integer(arguments[1]))
        case .arrayRange: return try Self.range(arguments)
        case .arrayUnique: return Self.unique(try Self.array(arguments[0]))
        case .base64Decode: return .string(try Base64.decode(Self.shortText(arguments[0])))
        case .base64Encode: return .string(Base64.encode(try Self.shortText(arguments[0])))
        case .format: return try Self.format(arguments)
        case .hash: return .string(try Self.hash(arguments[0], algorithm: Self.text(arguments[1])))
        case .jsonMerge: return try Self.merge(arguments)
        case .jsonToString: return .string(try Self.serialized(arguments[0]))
        case .mathAdd: return try Self.add(Self.integer(arguments[0]), Self.integer(arguments[1]))
        case .mathRandom: return try Self.randomInteger(arguments, random: &random)
        case .stringSplit: return Self.split(try Self.text(arguments[0]), at: try Self.text(arguments[1]))
        case .stringToJson: return try Self.json(arguments[0])
        case .uuid: return .string(random.uuid())
        }
    }
}

// MARK: Arguments

extension IntrinsicFunction {
    private static func array(_ value: JSONValue) throws(IntrinsicError) -> [JSONValue] {
        guard case .array(let elements) = value else { throw IntrinsicError("an array is expected") }
        return elements
    }

    private static func text(_ value: JSONValue) throws(IntrinsicError) -> String {
        guard case .string(let text) = value else { throw IntrinsicError("a string is expected") }
        return text
    }

    private static func shortText(_ value: JSONValue) throws(IntrinsicError) -> String {
        let text = try text(value)
        guard text.unicodeScalars.count <= textLimit else {
            throw IntrinsicError("the string has more than \(textLimit) characters")
        }
        return text
    }

    /// An integer; a number with a fraction is rounded as Java rounds, halves up.
    private static func integer(_ value: JSONValue) throws(IntrinsicError) -> Int {
        guard case .number(let number) = value else { throw IntrinsicError("a number is expected") }
        let rounded = (number.doubleValue + 0.5).rounded(.down)
        guard let integer = number.intValue ?? Int(exactly: rounded) else {
            throw IntrinsicError("the number is out of range")
        }
        return integer
    }
}

// MARK: Arrays

extension IntrinsicFunction {
    private static func item(of elements: [JSONValue], at index: Int) throws(IntrinsicError) -> JSONValue {
        guard elements.indices.contains(index) else { throw IntrinsicError("index \(index) is outside the array") }
        return elements[index]
    }

    private static func partition(_ elements: [JSONValue], by size: Int) throws(IntrinsicError) -> JSONValue {
        guard size > 0 else { throw IntrinsicError("the size of a part must be positive") }
        return .array(
            stride(from: 0, to: elements.count, by: size).map { start in
                .array(Array(elements[start..<(start + min(size, elements.count - start))]))
            })
    }

    private static func range(_ arguments: [JSONValue]) throws(IntrinsicError) -> JSONValue {
        let (first, last, step) = (try integer(arguments[0]), try integer(arguments[1]), try integer(arguments[2]))
        guard step != 0 else { throw IntrinsicError("the step must not be 0") }
        var elements: [JSONValue] = []
        for number in stride(from: first, through: last, by: step) {
            guard elements.count < rangeLimit else {
                throw IntrinsicError("the range has more than \(rangeLimit) elements")
            }
            elements.append(.number(JSONNumber(number)))
        }
        return .array(elements)
    }

    private static func unique(_ elements: [JSONValue]) -> JSONValue {
        var seen: Set<JSONValue> = []
        return .array(elements.filter { seen.insert($0).inserted })
    }
}

// MARK: Numbers, texts and documents

extension IntrinsicFunction {
    private static func format(_ arguments: [JSONValue]) throws(IntrinsicError) -> JSONValue {
        let template = FormatTemplate(try text(arguments[0]))
        let count = arguments.count - 1
        guard template.placeholderCount == count else {
            throw IntrinsicError("the template has \(template.placeholderCount) placeholders for \(count) values")
        }
        return .string(try template.filled(with: Array(arguments.dropFirst())))
    }

    private static func add(_ left: Int, _ right: Int) throws(IntrinsicError) -> JSONValue {
        let (sum, overflow) = left.addingReportingOverflow(right)
        guard !overflow else { throw IntrinsicError("the sum is out of range") }
        return .number(JSONNumber(sum))
    }

    /// A number from the first argument up to, and without, the second; a third makes it repeatable.
    private static func randomInteger(
        _ arguments: [JSONValue], random: inout SeededRandom
    ) throws(IntrinsicError) -> JSONValue {
        let (first, end) = (try integer(arguments[0]), try integer(arguments[1]))
        guard first < end else { throw IntrinsicError("the first number must be below the second") }
        let width = UInt64(bitPattern: Int64(end &- first))
        let offset: UInt64
        if arguments.count == 3 {
            var seeded = SeededRandom(seed: UInt64(bitPattern: Int64(try integer(arguments[2]))))
            offset = seeded.next(below: width)
        } else {
            offset = random.next(below: width)
        }
        return .number(JSONNumber(first &+ Int(truncatingIfNeeded: offset)))
    }

    /// Splits at every character of the delimiter; empty parts are left out, as on AWS.
    private static func split(_ text: String, at delimiters: String) -> JSONValue {
        let delimiters = Set(delimiters.unicodeScalars)
        let parts = text.unicodeScalars.split { delimiters.contains($0) }
        return .array(parts.map { .string(String($0)) })
    }

    /// The value that a text holds; nothing, be it null or blank, holds null, as on AWS.
    private static func json(_ value: JSONValue) throws(IntrinsicError) -> JSONValue {
        if case .null = value { return .null }
        let text = try text(value)
        if text.utf8.allSatisfy({ $0 <= 0x20 }) { return .null }
        do {
            return try JSONValue(parsing: text)
        } catch {
            throw IntrinsicError("the string is not JSON (\(error))")
        }
    }

    private static func serialized(_ value: JSONValue) throws(IntrinsicError) -> String {
        var writer = JSONWriter(byteLimit: Payload.byteLimit)
        writer.write(value)
        guard writer.byteCount <= Payload.byteLimit else { throw .tooLarge }
        return writer.text
    }

    private static func merge(_ arguments: [JSONValue]) throws(IntrinsicError) -> JSONValue {
        guard case .object(var merged) = arguments[0], case .object(let second) = arguments[1] else {
            throw IntrinsicError("two objects are expected")
        }
        guard case .bool(let isDeep) = arguments[2] else { throw IntrinsicError("true or false is expected") }
        guard !isDeep else { throw IntrinsicError("deep merging is not supported; pass false") }
        for member in second { merged[member.key] = member.value }
        return .object(merged)
    }

    private static func hash(_ value: JSONValue, algorithm: String) throws(IntrinsicError) -> String {
        let text = try shortText(value)
        guard let algorithm = HashAlgorithm(rawValue: algorithm) else {
            throw IntrinsicError("'\(algorithm)' is not a hash algorithm")
        }
        return algorithm.hexDigest(of: text)
    }
}
