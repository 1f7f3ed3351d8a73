extension Evaluator {
    /// Calls, or prepares the call of, what a node names; `first` comes before the arguments.
    func call(
        _ call: Node.Call, _ node: Node, _ input: Value, _ environment: Environment, first: Value?
    ) throws(JSONataError) -> Value {
        let procedure = try evaluate(call.procedure, input, environment)
        if procedure.isUndefined, let symbol = call.pathName, !lookup(symbol, environment).isUndefined {
            throw JSONataError(call.isPartial ? .t1007 : .t1005, token: call.name, at: node.traits.offset)
        }
        var arguments: [Value] = []
        arguments.reserveCapacity(call.arguments.count + 1)
        if let first { arguments.append(first) }
        if call.isPartial { return try partial(call, procedure, arguments, node, input, environment) }
        for argument in call.arguments {
            guard let argument else { continue }
            arguments.append(try plain(try evaluate(argument, input, environment)))
        }
        if call.isTail {
            return .tailCall(
                TailCall(
                    function: procedure, arguments: arguments, input: input, offset: node.traits.offset,
                    name: call.name))
        }
        return try invoke(procedure, arguments, context: input, at: node.traits.offset, name: call.name)
    }

    private func partial(
        _ call: Node.Call, _ procedure: Value, _ first: [Value], _ node: Node, _ input: Value,
        _ environment: Environment
    ) throws(JSONataError) -> Value {
        guard case .function(let function) = procedure else {
            throw JSONataError(.t1008, token: call.name, at: node.traits.offset)
        }
        var arguments: [Value?] = first
        for argument in call.arguments {
            guard let argument else {
                arguments.append(nil)
                continue
            }
            arguments.append(try plain(try evaluate(argument, input, environment)))
        }
        return try made(.partial(function, arguments))
    }

    func apply(
        _ left: Node, _ right: Node, _ node: Node, _ input: Value, _ environment: Environment
    ) throws(JSONataError) -> Value {
        let value = try plain(try evaluate(left, input, environment))
        if case .call(let call) = right.kind, !call.isPartial, right.traits.predicates.isEmpty {
            try count(1)
            return try self.call(call, right, input, environment, first: value)
        }
        let function = try evaluate(right, input, environment)
        guard case .function(let second) = function else {
            throw JSONataError(.t2006, value: shown(function), at: node.traits.offset)
        }
        if case .function(let first) = value { return try made(.composed(first, second)) }
        return try invoke(function, [value], context: .null, at: node.traits.offset, name: nil)
    }

    /// Calls a function and then, one after another, the calls that it leaves to its caller.
    func invoke(
        _ function: Value, _ arguments: [Value], context: Value, at offset: Int? = nil, name: String? = nil
    ) throws(JSONataError) -> Value {
        var (offset, name) = (offset, name)
        do throws(JSONataError) {
            var result = try invokeOnce(function, arguments, context: context)
            while case .tailCall(let next) = result {
                (offset, name) = (next.offset, next.name)
                result = try invokeOnce(next.function, next.arguments, context: next.input)
            }
            return result
        } catch {
            guard let offset else { throw error }
            throw error.located(at: offset, token: name)
        }
    }

    private func invokeOnce(
        _ callee: Value, _ arguments: [Value], context: Value
    ) throws(JSONataError) -> Value {
        try count(1)
        guard case .function(let function) = callee else { throw JSONataError(.t1006) }
        var arguments = arguments
        if let signature = function.signature {
            arguments = try signature.validated(arguments, context: context)
        }
        switch function.kind {
        case .builtin(let builtin): return try call(builtin, Arguments(arguments), context: context)
        case .lambda(let lambda, let environment, let input):
            let frame = Environment(parent: environment)
            for (position, parameter) in lambda.parameters.enumerated() {
                frame.bind(parameter, position < arguments.count ? arguments[position] : .undefined)
            }
            try allocate(lambda.parameters.count * 32 + 48)
            return try evaluate(lambda.body, input, frame)
        case .partial(let inner, let given):
            var next = arguments.makeIterator()
            let all = given.map { $0 ?? next.next() ?? .undefined }
            return try invoke(.function(inner), all, context: context)
        case .composed(let first, let second):
            let value = try invoke(.function(first), arguments, context: .null)
            return try invoke(.function(second), [value], context: .null)
        case .matcher(let expression):
            guard case .string(let text) = arguments.first ?? .undefined else { return .undefined }
            try allocate(text.utf8.count * 4)
            return try match(expression, RegularExpression.Text(text), from: 0)
        case .nextMatch(let expression, let text, let start): return try match(expression, text, from: start)
        case .transform(let transform, let environment, let input):
            return try self.transform(transform, arguments.first ?? .undefined, input, environment)
        }
    }

    /// Calls a function with as many of the arguments as it takes.
    func callBack(_ function: Function, _ arguments: Value...) throws(JSONataError) -> Value {
        let count = max(1, min(function.parameterCount, arguments.count))
        return try plain(try invoke(.function(function), Array(arguments.prefix(count)), context: .null))
    }

    // MARK: Transformations

    private func transform(
        _ transform: Node.Transform, _ value: Value, _ input: Value, _ environment: Environment
    ) throws(JSONataError) -> Value {
        guard !value.isUndefined else { return .undefined }
        if let clone = environment.lookup(transform.cloneSymbol), !clone.isFunction { throw JSONataError(.t2013) }
        let result = try copy(value, level: 0)
        let matches = try plain(try evaluate(transform.pattern, result, environment))
        let targets: [Value]
        switch matches {
        case .undefined: return result
        case .array(let list): targets = list.values
        default: targets = [matches]
        }
        for target in targets {
            let update = try evaluate(transform.update, target, environment)
            switch update {
            case .undefined: break
            case .object(let members):
                guard case .object(let record) = target else { break }
                // The update may hold the target itself: copies keep the result a tree.
                for position in 0..<members.count {
                    let (key, value) = members.member(at: position)
                    record.set(key, try copy(value, level: 0))
                }
            default: throw JSONataError(.t2011, value: shown(update), at: transform.update.traits.offset)
            }
            if let delete = transform.delete {
                try remove(try evaluate(delete, target, environment), from: target, delete)
            }
        }
        return try copy(result, level: 0)
    }

    private func remove(_ names: Value, from target: Value, _ node: Node) throws(JSONataError) {
        if names.isUndefined { return }
        let values = if case .array(let list) = names { list.values } else { [names] }
        for value in values {
            guard case .string(let key) = value else {
                throw JSONataError(.t2012, value: shown(names), at: node.traits.offset)
            }
            if case .object(let record) = target { record.remove(key) }
        }
    }

    /// Copies a value in such a way that its objects are its own.
    func copy(_ value: Value, level: Int) throws(JSONataError) -> Value {
        try count(1)
        guard level <= Self.valueDepthLimit * 2 else { throw JSONataError.tooDeep }
        switch value {
        case .array(let list):
            var values: [Value] = []
            values.reserveCapacity(list.count)
            for position in 0..<list.count { values.append(try copy(list[position], level: level + 1)) }
            try allocate(values.count * 24 + 64)
            return .array(List(values, list.marks))
        case .object(let record):
            let copied = Record()
            for position in 0..<record.count {
                let (key, value) = record.member(at: position)
                copied.set(key, try copy(value, level: level + 1))
            }
            try allocate(record.count * 64 + 64)
            return .object(copied)
        default: return value
        }
    }
}
