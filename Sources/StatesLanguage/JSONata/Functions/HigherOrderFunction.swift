/// The functions that call another function for each element of an array.
enum HigherOrderFunction: String, Sendable, CaseIterable {
    case map, filter, single, reduce

    var signature: String {
        switch self {
        case .map, .filter: "<af>"
        case .single: "<af?>"
        case .reduce: "<afj?:j>"
        }
    }
}

extension Evaluator {
    func call(_ function: HigherOrderFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        guard let list = arguments.list(0) else { return .undefined }
        let callee = arguments.function(1)
        switch function {
        case .map:
            guard let callee else { return .undefined }
            var results: [Value] = []
            for position in 0..<list.count {
                let result = try callBack(callee, list[position], .number(position), arguments[0])
                if !result.isUndefined { results.append(result) }
            }
            return try made(results, .sequence)
        case .filter:
            guard let callee else { return .undefined }
            var results: [Value] = []
            for position in 0..<list.count {
                let item = list[position]
                if Self.isTrue(try callBack(callee, item, .number(position), arguments[0])) { results.append(item) }
            }
            return try made(results, .sequence)
        case .single: return try single(list, callee)
        case .reduce: return try reduce(list, arguments)
        }
    }

    private func single(_ list: List, _ function: Function?) throws(JSONataError) -> Value {
        var found: Value?
        for position in 0..<list.count {
            let item = list[position]
            if let function {
                let answer = try callBack(function, item, .number(position), .array(list))
                guard Self.isTrue(answer) else { continue }
            }
            guard found == nil else { throw JSONataError(.d3138) }
            found = item
        }
        guard let found else { throw JSONataError(.d3139) }
        return found
    }

    private func reduce(_ list: List, _ arguments: Arguments) throws(JSONataError) -> Value {
        guard let function = arguments.function(1) else { return .undefined }
        guard function.parameterCount >= 2 else { throw JSONataError(.d3050) }
        var result = arguments[2]
        var start = 0
        if result.isUndefined, !list.isEmpty {
            result = list[0]
            start = 1
        }
        for position in start..<list.count {
            result = try callBack(function, result, list[position], .number(position), arguments[0])
        }
        return result
    }
}
