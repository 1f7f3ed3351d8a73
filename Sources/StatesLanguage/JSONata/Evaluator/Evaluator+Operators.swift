import Glibc

extension Evaluator {
    func operation(_ node: Node, _ input: Value, _ environment: Environment) throws(JSONataError) -> Value {
        switch node.kind {
        case .and(let left, let right):
            guard Self.isTrue(try evaluate(left, input, environment)) else { return .bool(false) }
            return .bool(Self.isTrue(try evaluate(right, input, environment)))
        case .or(let left, let right):
            if Self.isTrue(try evaluate(left, input, environment)) { return .bool(true) }
            return .bool(Self.isTrue(try evaluate(right, input, environment)))
        case .negation(let part):
            let value = try evaluate(part, input, environment)
            switch value {
            case .undefined: return .undefined
            case .number(let number): return try .number(calculated: -number.doubleValue)
            default: throw JSONataError(.d1002, token: "-", value: shown(value), at: node.traits.offset)
            }
        case .arithmetic(let operation, let left, let right):
            let (left, right) = (try evaluate(left, input, environment), try evaluate(right, input, environment))
            return try arithmetic(operation, left, right, at: node.traits.offset)
        case .equality(let operation, let left, let right):
            let (left, right) = (try evaluate(left, input, environment), try evaluate(right, input, environment))
            if left.isUndefined || right.isUndefined { return .bool(false) }
            return .bool(try isEqual(left, right) == (operation == .equal))
        case .comparison(let operation, let left, let right):
            let (left, right) = (try evaluate(left, input, environment), try evaluate(right, input, environment))
            return try comparison(operation, left, right, at: node.traits.offset)
        case .concatenation(let left, let right):
            let (left, right) = (try evaluate(left, input, environment), try evaluate(right, input, environment))
            let first = left.isUndefined ? "" : try text(of: left)
            return try made(first + (right.isUndefined ? "" : try text(of: right)))
        case .inclusion(let left, let right):
            let (left, right) = (try evaluate(left, input, environment), try evaluate(right, input, environment))
            if left.isUndefined || right.isUndefined { return .bool(false) }
            guard case .array(let list) = right else { return .bool(try isEqual(left, right)) }
            for position in 0..<list.count where try isEqual(left, list[position]) { return .bool(true) }
            return .bool(false)
        default: return .undefined
        }
    }

    private func arithmetic(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, at offset: Int
    ) throws(JSONataError) -> Value {
        var numbers = (0.0, 0.0)
        switch left {
        case .number(let number): numbers.0 = number.doubleValue
        case .undefined: break
        default: throw JSONataError(.t2001, token: operation.rawValue, value: shown(left), at: offset)
        }
        switch right {
        case .number(let number): numbers.1 = number.doubleValue
        case .undefined: return .undefined
        default: throw JSONataError(.t2002, token: operation.rawValue, value: shown(right), at: offset)
        }
        guard !left.isUndefined else { return .undefined }
        let result =
            switch operation {
            case .add: numbers.0 + numbers.1
            case .subtract: numbers.0 - numbers.1
            case .multiply: numbers.0 * numbers.1
            case .divide: numbers.0 / numbers.1
            default: fmod(numbers.0, numbers.1)
            }
        // Step Functions answers a text where a number cannot be written in JSON (floci-io/floci#2783).
        guard result.isFinite else { return .string(result.isNaN ? "NaN" : result < 0 ? "-Infinity" : "Infinity") }
        return .number(JSONNumber(calculated: result))
    }

    private func comparison(
        _ operation: BinaryOperator, _ left: Value, _ right: Value, at offset: Int
    ) throws(JSONataError) -> Value {
        for value in [left, right] {
            switch value {
            case .undefined, .number, .string: continue
            default: throw JSONataError(.t2010, token: operation.rawValue, value: shown(value), at: offset)
            }
        }
        let isLess: Bool
        let isEqual: Bool
        switch (left, right) {
        case (.undefined, _), (_, .undefined): return .undefined
        case (.number(let left), .number(let right)):
            isLess = left < right
            isEqual = left.doubleValue == right.doubleValue
        case (.string(let left), .string(let right)):
            isLess = JSONWriter.isOrderedBefore(left, right)
            isEqual = left.hasSameBytes(as: right)
        default:
            throw JSONataError(
                .t2009, token: operation.rawValue, value: shown(left), second: shown(right), at: offset)
        }
        return switch operation {
        case .less: .bool(isLess)
        case .lessOrEqual: .bool(isLess || isEqual)
        case .greater: .bool(!isLess && !isEqual)
        default: .bool(!isLess)
        }
    }

    // MARK: Constructors

    func array(
        _ items: [Node], _ node: Node, _ input: Value, _ environment: Environment
    ) throws(JSONataError) -> Value {
        var values: [Value] = []
        for item in items {
            let value = try plain(try evaluate(item, input, environment))
            if value.isUndefined { continue }
            if case .array(let list) = value {
                if case .array = item.kind {
                    values.append(value)
                } else {
                    try count(list.count)
                    values += list.values
                }
            } else {
                values.append(value)
            }
        }
        return try made(values, node.traits.isConstructor ? .constructed : [])
    }

    /// The most elements of `[a..b]` as measured on AWS, whose memory ends there (floci-io/floci#2783).
    private static let rangeLimit = 873_782.0

    func range(
        _ first: Node, _ last: Node, _ input: Value, _ environment: Environment
    ) throws(JSONataError) -> Value {
        let (start, end) = (try evaluate(first, input, environment), try evaluate(last, input, environment))
        let lower = try integer(start, or: .t2003, at: first.traits.offset)
        let upper = try integer(end, or: .t2004, at: last.traits.offset)
        guard let lower, let upper, lower <= upper else { return .undefined }
        let size = upper - lower + 1
        guard size <= 1e7 else {
            throw JSONataError(.d2014, value: JSONNumber(calculated: size).description, at: first.traits.offset)
        }
        guard size <= Self.rangeLimit else { throw JSONataError.tooLarge }
        try count(Int(size))
        try allocate(Int(size) * MemoryLayout<Value>.stride)
        var values: [Value] = []
        values.reserveCapacity(Int(size))
        var number = lower
        while number <= upper {
            values.append(.number(JSONNumber(calculated: number)))
            number += 1
        }
        return .array(List(values, .sequence))
    }

    private func integer(
        _ value: Value, or code: JSONataError.Code, at offset: Int
    ) throws(JSONataError) -> Double? {
        switch value {
        case .undefined: return nil
        case .number(let number):
            let double = number.doubleValue
            // Beyond 2^53 the next integer is not another number.
            guard double.rounded(.towardZero) == double, abs(double) <= 0x1p53 else {
                throw JSONataError(code, value: shown(value), at: offset)
            }
            return double
        default: throw JSONataError(code, value: shown(value), at: offset)
        }
    }

    // MARK: Grouping

    /// Makes an object: for each key the value of all elements that have that key.
    func group(_ group: Node.Group, over value: Value, _ environment: Environment) throws(JSONataError) -> Value {
        var items: [Tuple]
        var isTuples = false
        switch value {
        case .tuples(let tuples):
            items = tuples
            isTuples = true
        case .array(let list): items = list.values.map { Tuple(value: $0) }
        default: items = [Tuple(value: value)]
        }
        if items.isEmpty { items = [Tuple(value: .undefined)] }
        let groups = try gathered(group, items, isTuples: isTuples, environment)
        let record = Record()
        for (key, entry) in zip(groups.keys, groups.entries) {
            let frame = isTuples ? Environment(parent: environment, tuple: try merged(entry.items)) : environment
            let context = isTuples ? try merged(entry.items).value : try Self.appended(entry.items)
            let result = try plain(try evaluate(group.pairs[entry.pair].value, context, frame))
            if !result.isUndefined { record.set(key, result) }
        }
        return try made(record)
    }

    private func gathered(
        _ group: Node.Group, _ items: [Tuple], isTuples: Bool, _ environment: Environment
    ) throws(JSONataError) -> (keys: [String], entries: [(pair: Int, items: [Tuple])]) {
        var keys = KeyTable()
        var entries: [(pair: Int, items: [Tuple])] = []
        for item in items {
            let frame = isTuples ? Environment(parent: environment, tuple: item) : environment
            for (index, pair) in group.pairs.enumerated() {
                let value = try evaluate(pair.key, item.value, frame)
                if value.isUndefined { continue }
                guard case .string(let key) = value else {
                    throw JSONataError(.t1003, value: shown(value), at: group.offset)
                }
                if let position = keys.position(of: key) {
                    guard entries[position].pair == index else {
                        throw JSONataError(.d1009, value: shown(value), at: group.offset)
                    }
                    entries[position].items.append(item)
                } else {
                    keys.append(key)
                    entries.append((index, [item]))
                }
                try allocate(64)
            }
        }
        return (keys.keys, entries)
    }

    /// The one value, or an array of all values and of the elements of arrays among them.
    private static func appended(_ items: [Tuple]) throws(JSONataError) -> Value {
        items.count == 1 ? items[0].value : .array(List(flat(items.map(\.value))))
    }

    private static func flat(_ values: [Value]) -> [Value] {
        var result: [Value] = []
        for value in values {
            switch value {
            case .undefined: continue
            case .array(let list): result += list.values
            default: result.append(value)
            }
        }
        return result
    }

    /// One tuple for many: every variable holds the values of all.
    private func merged(_ tuples: [Tuple]) throws(JSONataError) -> Tuple {
        guard tuples.count > 1 else { return tuples[0] }
        try count(tuples.count)
        func gathered(_ values: [Value]) -> Value {
            let values = Self.flat(values)
            return values.count == 1 ? values[0] : .array(List(values))
        }
        var result = Tuple(value: gathered(tuples.map(\.value)))
        for binding in tuples[0].bindings {
            let values = tuples.map { tuple in
                tuple.bindings.first { $0.symbol == binding.symbol }?.value ?? .undefined
            }
            result.bind(binding.symbol, gathered(values))
        }
        return result
    }
}
