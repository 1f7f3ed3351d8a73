extension Evaluator {
    /// The elements that a path walks over: those of an array, or the one value.
    private func elements(of value: Value) -> [Value] {
        if case .array(let list) = value { return list.values }
        return [value]
    }

    func path(_ path: Node.Path, _ node: Node, _ input: Value, _ environment: Environment) throws(JSONataError) -> Value
    {
        var start = 0
        var walked = input
        if path.isPlain, !path.keepsSingleton {
            (start, walked) = try plainSteps(path, input, environment)
            if start == path.steps.count || walked.isUndefined {
                guard let group = node.traits.group else { return walked }
                return try self.group(
                    group, over: walked.isUndefined ? .array(List([], .sequence)) : walked, environment)
            }
        }
        var sequence: Value = .undefined
        var inputs: [Value]
        if start == 0, case .variable = path.steps[0].kind { inputs = [walked] } else { inputs = elements(of: walked) }
        var tuples: [Tuple]?
        for position in start..<path.steps.count {
            let step = path.steps[position]
            if tuples == nil, step.traits.makesTuples {
                tuples = try firstTuples(step, inputs, environment)
            } else if let known = tuples {
                tuples = try tupleStep(step, known, environment)
            } else if position == 0, step.traits.isConstructor {
                sequence = try evaluate(step, try made(inputs, .sequence), environment)
            } else {
                sequence = try self.step(step, inputs, environment, isLast: position == path.steps.count - 1)
            }
            if tuples == nil {
                guard !Self.isEmpty(sequence) else { break }
                inputs = elements(of: sequence)
            }
        }
        var result = sequence
        if let tuples {
            result = path.makesTuples ? .tuples(tuples) : try made(tuples.map(\.value), .sequence)
        }
        if path.keepsSingleton, case .array(let list) = result {
            // An array that the path itself has constructed is one value, which is then kept as the only element.
            let isConstructed = list.marks.contains(.constructed) && !list.isSequence
            let base = isConstructed ? List([result], .sequence) : list
            result = .array(List(base, base.marks.union(.keepsSingleton)))
        }
        guard let group = node.traits.group else { return result }
        return try self.group(group, over: tuples.map { .tuples($0) } ?? result, environment)
    }

    private static func isEmpty(_ value: Value) -> Bool {
        switch value {
        case .undefined: true
        case .array(let list): list.isEmpty
        case .tuples(let tuples): tuples.isEmpty
        default: false
        }
    }

    /// Walks down members as long as it meets objects; answers the step where sequences begin, and the value there.
    private func plainSteps(
        _ path: Node.Path, _ input: Value, _ environment: Environment
    ) throws(JSONataError) -> (Int, Value) {
        var current = input
        for (position, step) in path.steps.enumerated() {
            switch step.kind {
            case .variable(let symbol): current = lookup(symbol, environment)
            case .name(let name):
                guard case .object(let record) = current else {
                    if case .array = current {
                        // Behind a variable the general walk starts with the array's elements, as it would itself.
                        return (position, current)
                    }
                    return (position, .undefined)
                }
                current = record[name] ?? .undefined
            default: return (position, current)
            }
            try count(1)
            guard !current.isUndefined else { return (position, .undefined) }
        }
        return (path.steps.count, current)
    }

    /// Applies a step to each of its inputs.
    private func step(
        _ step: Node, _ inputs: [Value], _ environment: Environment, isLast: Bool
    ) throws(JSONataError) -> Value {
        if case .sort(let terms) = step.kind {
            let sorted = try made(try sort(inputs, by: terms, environment), .sequence)
            return try applyStages(step, to: sorted, environment)
        }
        var results: [Value] = []
        for input in inputs {
            var result = try plain(try evaluate(step, input, environment))
            for stage in step.traits.stages {
                if case .filter(let predicate) = stage { result = try filter(result, by: predicate, environment) }
            }
            guard !result.isUndefined else { continue }
            try allocate(MemoryLayout<Value>.stride)
            results.append(result)
        }
        if isLast, results.count == 1, case .array(let list) = results[0], !list.isSequence { return results[0] }
        var flat: [Value] = []
        for result in results {
            if case .array(let list) = result, !list.marks.contains(.constructed) {
                try count(list.count)
                try allocate(list.count * 24)
                flat += list.values
            } else {
                flat.append(result)
            }
        }
        return try made(flat, .sequence)
    }

    private func applyStages(
        _ step: Node, to value: Value, _ environment: Environment
    ) throws(JSONataError) -> Value {
        var value = value
        for stage in step.traits.stages {
            switch stage {
            case .filter(let predicate): value = try filter(value, by: predicate, environment)
            case .index(let symbol):
                guard case .tuples(var tuples) = value else { continue }
                for position in tuples.indices { tuples[position].bind(symbol, .number(position)) }
                value = .tuples(tuples)
            }
        }
        return value
    }

    // MARK: Tuples

    /// Applies the first step of a path that makes tuples.
    private func firstTuples(
        _ step: Node, _ inputs: [Value], _ environment: Environment
    ) throws(JSONataError) -> [Tuple] {
        guard case .sort(let terms) = step.kind else {
            return try tupleStep(step, inputs.map { Tuple(value: $0) }, environment)
        }
        var tuples: [Tuple] = []
        for (position, value) in try sort(inputs, by: terms, environment).enumerated() {
            var tuple = Tuple(value: value)
            if let index = step.traits.index { tuple.bind(index, .number(position)) }
            tuples.append(tuple)
        }
        return try staged(step, tuples, environment)
    }

    private func tupleStep(
        _ step: Node, _ inputs: [Tuple], _ environment: Environment
    ) throws(JSONataError) -> [Tuple] {
        if case .sort(let terms) = step.kind {
            return try staged(step, try sort(inputs, by: terms, environment), environment)
        }
        var results: [Tuple] = []
        for input in inputs {
            let frame = Environment(parent: environment, tuple: input)
            let result = try evaluate(step, input.value, frame)
            if case .tuples(let inner) = result {
                for tuple in inner {
                    var merged = input
                    merged.value = tuple.value
                    for binding in tuple.bindings { merged.bind(binding.symbol, binding.value) }
                    results.append(bound(merged, step, from: input, index: nil))
                }
                try allocate(inner.count * 96)
                continue
            }
            if result.isUndefined { continue }
            let values = elements(of: result)
            try count(values.count)
            try allocate(values.count * (96 + input.bindings.count * 32))
            for (position, value) in values.enumerated() {
                var tuple = input
                if let focus = step.traits.focus { tuple.bind(focus, value) } else { tuple.value = value }
                results.append(bound(tuple, step, from: input, index: position))
            }
        }
        return try staged(step, results, environment)
    }

    private func bound(_ tuple: Tuple, _ step: Node, from input: Tuple, index: Int?) -> Tuple {
        var tuple = tuple
        if let symbol = step.traits.index, let index { tuple.bind(symbol, .number(index)) }
        if let ancestor = step.traits.ancestor { tuple.bind(ancestor, input.value) }
        return tuple
    }

    private func staged(_ step: Node, _ tuples: [Tuple], _ environment: Environment) throws(JSONataError) -> [Tuple] {
        guard !step.traits.stages.isEmpty else { return tuples }
        guard case .tuples(let result) = try applyStages(step, to: .tuples(tuples), environment) else { return [] }
        return result
    }

    /// Takes the bindings away from values that leave a path.
    func plain(_ value: Value) throws(JSONataError) -> Value {
        guard case .tuples(let tuples) = value else { return value }
        return try made(tuples.map(\.value), .sequence)
    }
}
