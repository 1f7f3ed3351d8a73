/// The functions that Step Functions adds to JSONata.
enum StatesFunction: String, Sendable, CaseIterable {
    case partition, range, hash, uuid, parse

    var signature: String {
        switch self {
        case .partition: "<an:a>"
        case .range: "<nnn:a>"
        case .hash: "<ss:s>"
        case .uuid: "<:s>"
        case .parse: "<s-:x>"
        }
    }
}

extension Evaluator {
    func call(_ function: StatesFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        switch function {
        case .partition: return try partition(arguments)
        case .range: return try range(arguments)
        case .hash: return try hash(arguments)
        case .uuid: return try made(random.uuid())
        case .parse:
            guard let text = arguments.string(0) else { return .undefined }
            try count(text.utf8.count / 8)
            try allocate(text.utf8.count * 2)
            do throws(JSONParseError) { return Value(try JSONValue(parsing: text)) } catch {
                throw JSONataError(.d4001, value: "The argument of $parse() is not JSON: \(error)")
            }
        }
    }

    private func partition(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard let list = arguments.list(0), let size = arguments.double(1) else { return .undefined }
        guard size >= 1, size.rounded(.towardZero) == size else {
            throw JSONataError(.d4001, value: "The size of the parts of $partition() must be a positive integer")
        }
        let values = list.values
        let length = Int(min(size, Double(values.count + 1)))
        try count(values.count)
        var parts: [Value] = []
        for start in stride(from: 0, to: values.count, by: length) {
            parts.append(try made(Array(values[start..<min(start + length, values.count)])))
        }
        return try made(parts)
    }

    /// The most elements of `$range()` as measured on AWS (floci-io/floci#2790).
    private static var functionRangeLimit: Double { 360_145 }

    private func range(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard let start = arguments.double(0), let end = arguments.double(1), let stride = arguments.double(2) else {
            return .undefined
        }
        // Fractions are cut off, as was measured on AWS (floci-io/floci#2676).
        let (first, last) = (start.rounded(.towardZero), end.rounded(.towardZero))
        let step = stride.rounded(.towardZero)
        guard step != 0 else { throw JSONataError(.d4001, value: "The step of $range() must not be 0") }
        let size = ((last - first) / step).rounded(.down) + 1
        guard size >= 1 else { return try made([]) }
        guard size <= 1e7 else { throw JSONataError(.d2014, value: JSONNumber(calculated: size).description) }
        guard size <= Self.functionRangeLimit else { throw JSONataError.tooLarge }
        try count(Int(size))
        try allocate(Int(size) * MemoryLayout<Value>.stride)
        var values: [Value] = []
        values.reserveCapacity(Int(size))
        for position in 0..<Int(size) { values.append(try .number(calculated: first + Double(position) * step)) }
        return .array(List(values))
    }

    private func hash(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard let text = arguments.string(0), let name = arguments.string(1) else { return .undefined }
        try count(text.utf8.count / 8)
        guard let algorithm = HashAlgorithm(rawValue: name) else {
            throw JSONataError(.d4001, value: "'\(name)' is not an algorithm of $hash()")
        }
        return .string(algorithm.hexDigest(of: text))
    }
}
