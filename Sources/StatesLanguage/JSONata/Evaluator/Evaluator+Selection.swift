extension Evaluator {
    /// The member of that name, of an object or of all objects of an array.
    func lookup(_ name: String, in input: Value) throws(JSONataError) -> Value {
        switch input {
        case .object(let record): return record[name] ?? .undefined
        case .array(let list):
            var results: [Value] = []
            try lookup(name, in: list, into: &results, level: 0)
            return try made(results, .sequence)
        case .undefined, .null, .bool, .number, .string, .function, .tuples, .tailCall: return .undefined
        }
    }

    private func lookup(
        _ name: String, in list: List, into results: inout [Value], level: Int
    ) throws(JSONataError) {
        try count(list.count)
        for position in 0..<list.count {
            switch list[position] {
            case .object(let record):
                guard let value = record[name] else { continue }
                if case .array(let inner) = value {
                    try allocate(inner.count * 24)
                    results += inner.values
                } else {
                    results.append(value)
                }
            case .array(let inner): try lookup(name, in: inner, into: &results, level: level + 1)
            default: continue
            }
        }
    }

    func wildcard(_ input: Value) throws(JSONataError) -> Value {
        var results: [Value] = []
        // As in the reference, elements of arrays make the result an array that stays one.
        var marks: List.Marks = .sequence
        switch input {
        case .object(let record):
            for position in 0..<record.count {
                let value = record.member(at: position).value
                if case .array = value { marks = [] }
                try gather(value, into: &results)
            }
        case .array(let list):
            if list.marks.contains(.outerWrapper), !list.isEmpty { return try wildcard(list[0]) }
            for position in 0..<list.count {
                if case .array = list[position] { marks = [] }
                try gather(list[position], into: &results)
            }
        default: break
        }
        return try made(results, marks)
    }

    /// Adds a value, or the elements of an array at all depths.
    private func gather(_ value: Value, into results: inout [Value]) throws(JSONataError) {
        try count(1)
        guard case .array(let list) = value else {
            results.append(value)
            return
        }
        for position in 0..<list.count { try gather(list[position], into: &results) }
    }

    func descendants(_ input: Value) throws(JSONataError) -> Value {
        guard !input.isUndefined else { return .undefined }
        var results: [Value] = []
        try descend(input, into: &results)
        return results.count == 1 ? results[0] : try made(results, .sequence)
    }

    private func descend(_ value: Value, into results: inout [Value]) throws(JSONataError) {
        try count(1)
        try allocate(24)
        switch value {
        case .array(let list):
            for position in 0..<list.count { try descend(list[position], into: &results) }
        case .object(let record):
            results.append(value)
            for position in 0..<record.count { try descend(record.member(at: position).value, into: &results) }
        default: results.append(value)
        }
    }

    // MARK: Filters

    /// The elements that a predicate chooses: by position when it gives numbers, by truth otherwise.
    func filter(_ value: Value, by predicate: Node, _ environment: Environment) throws(JSONataError) -> Value {
        if case .tuples(let tuples) = value { return .tuples(try filter(tuples, by: predicate, environment)) }
        let list: List
        switch value {
        case .undefined: return .undefined
        case .array(let known): list = known
        default: list = List([value], .sequence)
        }
        if case .constant(.number(let number)) = predicate.kind {
            try count(1)
            guard let position = Self.position(number, in: list.count) else { return .array(List([], .sequence)) }
            let item = list[position]
            if case .array = item { return item }
            return .array(List([item], .sequence))
        }
        var results: [Value] = []
        for position in 0..<list.count {
            let item = list[position]
            let choice = try evaluate(predicate, item, environment)
            guard try isChosen(position, of: list.count, by: choice) else { continue }
            try allocate(MemoryLayout<Value>.stride)
            results.append(item)
        }
        return try made(results, .sequence)
    }

    private func filter(
        _ tuples: [Tuple], by predicate: Node, _ environment: Environment
    ) throws(JSONataError) -> [Tuple] {
        var results: [Tuple] = []
        for (position, tuple) in tuples.enumerated() {
            let frame = Environment(parent: environment, tuple: tuple)
            let choice = try evaluate(predicate, tuple.value, frame)
            if try isChosen(position, of: tuples.count, by: choice) { results.append(tuple) }
        }
        return results
    }

    private func isChosen(_ position: Int, of count: Int, by choice: Value) throws(JSONataError) -> Bool {
        switch choice {
        case .number(let number): return Self.position(number, in: count) == position
        case .array(let list):
            guard !list.isEmpty else { return false }
            var isChosen = false
            try self.count(list.count)
            for index in 0..<list.count {
                guard case .number(let number) = list[index] else { return Self.isTrue(choice) }
                if Self.position(number, in: count) == position { isChosen = true }
            }
            return isChosen
        default: return Self.isTrue(choice)
        }
    }

    /// The place that a number names: rounded down, from the end when it is negative; nil outside.
    private static func position(_ number: JSONNumber, in count: Int) -> Int? {
        let whole = number.doubleValue.rounded(.down)
        let place = whole < 0 ? whole + Double(count) : whole
        guard place >= 0, place < Double(count) else { return nil }
        return Int(place)
    }

    // MARK: Sorting

    func sort(
        _ values: [Value], by terms: [Node.SortTerm], _ environment: Environment
    ) throws(JSONataError) -> [Value] {
        try sorted(values) { (first, second) throws(JSONataError) in
            try self.isOrdered(
                after: terms, { (node) throws(JSONataError) in try self.evaluate(node, first, environment) },
                { (node) throws(JSONataError) in try self.evaluate(node, second, environment) })
        }
    }

    func sort(
        _ tuples: [Tuple], by terms: [Node.SortTerm], _ environment: Environment
    ) throws(JSONataError) -> [Tuple] {
        try sorted(tuples) { (first, second) throws(JSONataError) in
            let firstFrame = Environment(parent: environment, tuple: first)
            let secondFrame = Environment(parent: environment, tuple: second)
            return try self.isOrdered(
                after: terms, { (node) throws(JSONataError) in try self.evaluate(node, first.value, firstFrame) },
                { (node) throws(JSONataError) in try self.evaluate(node, second.value, secondFrame) })
        }
    }

    /// Tells whether the first of two values belongs behind the second.
    private func isOrdered(
        after terms: [Node.SortTerm], _ first: (Node) throws(JSONataError) -> Value,
        _ second: (Node) throws(JSONataError) -> Value
    ) throws(JSONataError) -> Bool {
        for term in terms {
            let order = try Self.order(try first(term.expression), try second(term.expression))
            guard order != 0 else { continue }
            // What has no value comes last whichever the direction is.
            return (term.isDescending && abs(order) == 1 ? -order : order) > 0
        }
        return false
    }

    /// Minus or plus 1 for values that differ, minus or plus 2 when one of them is missing, 0 when they are equal.
    private static func order(_ first: Value, _ second: Value) throws(JSONataError) -> Int {
        switch (first, second) {
        case (.undefined, .undefined): return 0
        case (.undefined, _): return 2
        case (_, .undefined): return -2
        case (.number(let first), .number(let second)):
            return first.doubleValue == second.doubleValue ? 0 : first.doubleValue < second.doubleValue ? -1 : 1
        case (.string(let first), .string(let second)):
            return first.hasSameBytes(as: second) ? 0 : JSONWriter.isOrderedBefore(first, second) ? -1 : 1
        case (.number, .string), (.string, .number):
            throw JSONataError(.t2007, value: shown(first), second: shown(second))
        default: throw JSONataError(.t2008)
        }
    }

    /// Sorts by merging, which keeps the order of equals, with a comparison that may fail.
    func sorted<Element>(
        _ elements: [Element], _ isAfter: (Element, Element) throws(JSONataError) -> Bool
    ) throws(JSONataError) -> [Element] {
        guard elements.count > 1 else { return elements }
        var runs = elements
        var width = 1
        while width < runs.count {
            try allocate(runs.count * 24)
            var merged: [Element] = []
            merged.reserveCapacity(runs.count)
            for start in stride(from: 0, to: runs.count, by: width * 2) {
                let middle = min(start + width, runs.count)
                let end = min(start + width * 2, runs.count)
                var (left, right) = (start, middle)
                while left < middle, right < end {
                    try count(1)
                    if try isAfter(runs[left], runs[right]) {
                        merged.append(runs[right])
                        right += 1
                    } else {
                        merged.append(runs[left])
                        left += 1
                    }
                }
                merged += runs[left..<middle]
                merged += runs[right..<end]
            }
            runs = merged
            width *= 2
        }
        return runs
    }
}
