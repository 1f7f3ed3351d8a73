/// The functions on arrays.
enum ArrayFunction: String, Sendable, CaseIterable {
    case count, append, sort, reverse, shuffle, distinct, zip

    var signature: String {
        switch self {
        case .count: "<a:n>"
        case .append: "<xx:a>"
        case .sort: "<af?:a>"
        case .reverse, .shuffle: "<a:a>"
        case .distinct: "<x:x>"
        case .zip: "<a+>"
        }
    }
}

extension Evaluator {
    func call(_ function: ArrayFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        switch function {
        case .count: return .number(arguments.list(0)?.count ?? 0)
        case .append: return try append(arguments[0], arguments[1])
        case .sort: return try sort(arguments)
        case .reverse:
            guard let list = arguments.list(0), list.count > 1 else { return arguments[0] }
            try count(list.count)
            return try made(list.values.reversed())
        case .shuffle:
            guard let list = arguments.list(0), list.count > 1 else { return arguments[0] }
            var values = list.values
            try count(list.count)
            for position in stride(from: values.count - 1, through: 1, by: -1) {
                values.swapAt(position, Int(random.next(below: UInt64(position + 1))))
            }
            return try made(values)
        case .distinct: return try distinct(arguments[0])
        case .zip: return try zip(arguments)
        }
    }

    func append(_ first: Value, _ second: Value) throws(JSONataError) -> Value {
        if first.isUndefined { return second }
        if second.isUndefined { return first }
        let left = if case .array(let list) = first { list.values } else { [first] }
        let right = if case .array(let list) = second { list.values } else { [second] }
        try count(left.count + right.count)
        return try made(left + right)
    }

    private func sort(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard let list = arguments.list(0), list.count > 1 else { return arguments[0] }
        if let function = arguments.function(1) {
            let values = try sorted(list.values) { (first, second) throws(JSONataError) in
                Self.isTrue(try self.invoke(.function(function), [first, second], context: .null))
            }
            return try made(values)
        }
        let values = list.values
        let areNumbers = values.allSatisfy { if case .number = $0 { true } else { false } }
        let areStrings = values.allSatisfy { if case .string = $0 { true } else { false } }
        guard areNumbers || areStrings else { throw JSONataError(.d3070) }
        return try made(
            try sorted(values) { (first, second) throws(JSONataError) in
                switch (first, second) {
                case (.number(let first), .number(let second)): second < first
                case (.string(let first), .string(let second)): JSONWriter.isOrderedBefore(second, first)
                default: false
                }
            })
    }

    private func distinct(_ value: Value) throws(JSONataError) -> Value {
        guard case .array(let list) = value, list.count > 1 else { return value }
        var seen: Set<JSONValue> = []
        var functions: [Value] = []
        var results: [Value] = []
        for position in 0..<list.count {
            let item = list[position]
            try count(1)
            try allocate(96)
            if item.isFunction {
                // A function is equal to itself only.
                var isKnown = false
                for function in functions where try isEqual(function, item) { isKnown = true }
                guard !isKnown else { continue }
                functions.append(item)
                results.append(item)
            } else if let json = try jsonValue(of: item), seen.insert(json).inserted {
                results.append(item)
            }
        }
        return try made(results, list.isSequence ? .sequence : [])
    }

    private func zip(_ arguments: Arguments) throws(JSONataError) -> Value {
        var lists: [List] = []
        for index in arguments.values.indices {
            guard let list = arguments.list(index) else { return try made([]) }
            lists.append(list)
        }
        let length = lists.map(\.count).min() ?? 0
        try count(length * lists.count)
        var results: [Value] = []
        for position in 0..<length { results.append(try made(lists.map { $0[position] })) }
        return try made(results)
    }
}
