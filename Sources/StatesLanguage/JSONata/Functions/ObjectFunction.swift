/// The functions on objects, on truth and on values of all types.
enum ObjectFunction: String, Sendable, CaseIterable {
    case keys, lookup, spread, merge, sift, each, error, assert, type, boolean, not, exists, clone

    var signature: String {
        switch self {
        case .keys: "<x-:a<s>>"
        case .lookup: "<x-s:x>"
        case .spread: "<x-:a<o>>"
        case .merge: "<a<o>:o>"
        case .sift: "<o-f?:o>"
        case .each: "<o-f:a>"
        case .error: "<s?:x>"
        case .assert: "<bs?:x>"
        case .type: "<x:s>"
        case .boolean, .not: "<x-:b>"
        case .exists: "<x:b>"
        case .clone: "<(oa)-:o>"
        }
    }
}

extension Evaluator {
    func call(_ function: ObjectFunction, _ arguments: Arguments) throws(JSONataError) -> Value {
        let value = arguments[0]
        switch function {
        case .keys: return try keys(of: value)
        case .lookup: return try lookup(arguments.string(1) ?? "", in: value)
        case .spread: return try spread(value)
        case .merge: return try merge(arguments)
        case .sift: return try sift(arguments)
        case .each: return try each(arguments)
        case .error: throw JSONataError(.d3137, words: arguments.string(0) ?? "$error() function evaluated")
        case .assert:
            guard !Self.isTrue(value) else { return .undefined }
            throw JSONataError(.d3141, words: arguments.string(1) ?? "$assert() statement failed")
        case .type: return Self.typeName(of: value).map(Value.string) ?? .undefined
        case .boolean: return value.isUndefined ? .undefined : .bool(Self.isTrue(value))
        case .not: return value.isUndefined ? .undefined : .bool(!Self.isTrue(value))
        case .exists: return .bool(!value.isUndefined)
        case .clone: return try copy(value, level: 0)
        }
    }

    private static func typeName(of value: Value) -> String? {
        switch value {
        case .undefined: nil
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array, .tuples: "array"
        case .object: "object"
        case .function, .tailCall: "function"
        }
    }

    private func keys(of value: Value) throws(JSONataError) -> Value {
        var table = KeyTable()
        try gatherKeys(of: value, into: &table)
        return try made(table.keys.map(Value.string), .sequence)
    }

    private func gatherKeys(of value: Value, into table: inout KeyTable) throws(JSONataError) {
        switch value {
        case .object(let record):
            try count(record.count)
            for key in record.keys where table.position(of: key) == nil { table.append(key) }
        case .array(let list):
            try count(list.count)
            for position in 0..<list.count { try gatherKeys(of: list[position], into: &table) }
        default: break
        }
    }

    private func spread(_ value: Value) throws(JSONataError) -> Value {
        switch value {
        case .array(let list):
            var results: [Value] = []
            for position in 0..<list.count {
                let part = try spread(list[position])
                if case .array(let inner) = part { results += inner.values } else { results.append(part) }
                try count(1)
            }
            return try made(results, .sequence)
        case .object(let record):
            var results: [Value] = []
            for position in 0..<record.count { results.append(try made(Record([record.member(at: position)]))) }
            return try made(results, .sequence)
        default: return value
        }
    }

    private func merge(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard let list = arguments.list(0) else { return .undefined }
        let merged = Record()
        for position in 0..<list.count {
            guard case .object(let record) = list[position] else { continue }
            try count(record.count)
            for index in 0..<record.count {
                let (key, value) = record.member(at: index)
                merged.set(key, value)
            }
        }
        return try made(merged)
    }

    private func sift(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard case .object(let record) = arguments[0], let function = arguments.function(1) else { return .undefined }
        let result = Record()
        for position in 0..<record.count {
            let (key, value) = record.member(at: position)
            if Self.isTrue(try callBack(function, value, .string(key), arguments[0])) { result.set(key, value) }
        }
        return result.count == 0 ? .undefined : try made(result)
    }

    private func each(_ arguments: Arguments) throws(JSONataError) -> Value {
        guard case .object(let record) = arguments[0], let function = arguments.function(1) else { return .undefined }
        var results: [Value] = []
        for position in 0..<record.count {
            let (key, value) = record.member(at: position)
            let result = try callBack(function, value, .string(key), arguments[0])
            if !result.isUndefined { results.append(result) }
        }
        return try made(results, .sequence)
    }
}
