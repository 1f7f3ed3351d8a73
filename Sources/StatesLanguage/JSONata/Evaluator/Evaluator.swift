/// Evaluates one compiled expression once.
final class Evaluator {
    /// How deep the values that an evaluation makes may nest.
    static let valueDepthLimit = 256

    let program: Program
    let variables: JSONataVariables
    let limits: JSONataLimits
    let now: Timestamp
    let root: Environment
    var random: SeededRandom
    private(set) var steps = 0
    private(set) var bytes = 0
    private var depth = 0
    private var stack = LargeStack()
    private var captured: [Environment] = []
    /// What `$$` stands for.
    let input: Value

    init(
        _ program: Program, input: JSONValue?, variables: JSONataVariables, limits: JSONataLimits, now: Timestamp,
        random: SeededRandom
    ) {
        self.program = program
        self.variables = variables
        self.limits = limits
        self.now = now
        self.random = random
        self.input = input.map(Value.init) ?? .undefined
        root = Environment(parent: nil)
    }

    func run() throws(JSONataError) -> JSONValue? {
        defer {
            for environment in captured { environment.clear() }
            root.clear()
        }
        var context = input
        if case .array = input { context = .array(List([input], [.sequence, .outerWrapper])) }
        let result = try evaluate(program.root, context, root)
        return try jsonValue(of: plain(result))
    }

    /// Remembers that a function keeps an environment, so that it can be emptied in the end.
    ///
    /// From then on it lives as long as the evaluation, and so its bytes count.
    func capture(_ environment: Environment) throws(JSONataError) {
        var current: Environment? = environment
        while let environment = current, !environment.isCaptured {
            try allocate(Self.environmentByteCount + environment.bindingCount * Self.bindingByteCount)
            environment.isCaptured = true
            captured.append(environment)
            current = environment.parent
        }
    }

    // MARK: Limits

    /// About the bytes of a captured environment without its bindings, with its place in the list of them.
    private static let environmentByteCount = 128
    /// About the bytes of a binding, with the room that a growing array keeps for more.
    private static let bindingByteCount = 64

    @inline(__always)
    func count(_ amount: Int) throws(JSONataError) {
        steps &+= amount
        if steps > limits.steps { throw JSONataError.tooLong }
    }

    /// Counts the bytes of something that is about to be made.
    @inline(__always)
    func allocate(_ amount: Int) throws(JSONataError) {
        bytes &+= amount
        if bytes > limits.bytes { throw JSONataError.tooLarge }
    }

    /// Counts the bytes of a text that has been made.
    func made(_ text: String) throws(JSONataError) -> Value {
        try allocate(text.utf8.count + 16)
        return .string(text)
    }

    /// Makes an array of values, counting its bytes.
    func made(_ values: [Value], _ marks: List.Marks = []) throws(JSONataError) -> Value {
        try allocate(values.count * MemoryLayout<Value>.stride + 80)
        return .array(try checked(List(values, marks)))
    }

    /// Makes an object, counting its bytes.
    func made(_ record: Record) throws(JSONataError) -> Value {
        try allocate(record.count * 72 + 144)
        guard record.depth <= Self.valueDepthLimit else { throw JSONataError.tooDeep }
        return .object(record)
    }

    func checked(_ list: List) throws(JSONataError) -> List {
        guard list.depth <= Self.valueDepthLimit else { throw JSONataError.tooDeep }
        return list
    }

    func made(_ kind: Function.Kind) throws(JSONataError) -> Value {
        try allocate(160)
        let function = Function(kind)
        guard function.depth <= Self.valueDepthLimit else { throw JSONataError.tooDeep }
        return .function(function)
    }

    // MARK: Evaluation

    /// The value of a node for an input, with its filters and its grouping.
    func evaluate(_ node: Node, _ input: Value, _ environment: Environment) throws(JSONataError) -> Value {
        try count(1)
        switch node.kind {
        case .constant(let value): return try finished(Value(value), node, input, environment)
        case .context: return try finished(Self.unwrapped(input), node, input, environment)
        case .variable(let symbol): return try finished(lookup(symbol, environment), node, input, environment)
        default: break
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else { throw JSONataError.tooDeep }
        guard !stack.isNeeded else { return try evaluateOnLargeStack(node, input, environment) }
        return try finished(dispatch(node, input, environment), node, input, environment)
    }

    private func evaluateOnLargeStack(
        _ node: Node, _ input: Value, _ environment: Environment
    ) throws(JSONataError) -> Value {
        var outcome = Result<Value, JSONataError>.failure(JSONataError.tooDeep)
        stack.isLarge = true
        defer { stack.isLarge = false }
        _ = LargeStack.run {
            outcome = Result { () throws(JSONataError) -> Value in
                try finished(dispatch(node, input, environment), node, input, environment)
            }
        }
        return try outcome.get()
    }

    /// Applies what stands behind an expression, and lets a sequence of one element become that element.
    @inline(__always)
    private func finished(
        _ value: Value, _ node: Node, _ input: Value, _ environment: Environment
    ) throws(JSONataError) -> Value {
        var value = value
        if !node.traits.predicates.isEmpty {
            for predicate in node.traits.predicates { value = try filter(value, by: predicate, environment) }
        }
        if let group = node.traits.group {
            if case .path = node.kind {
            } else {
                value = try self.group(group, over: value, environment)
            }
        }
        guard case .array(let list) = value, list.isSequence else { return value }
        switch list.count {
        case 0: return .undefined
        case 1:
            if node.traits.keepsArray { return .array(List(list, list.marks.union(.keepsSingleton))) }
            return list.marks.contains(.keepsSingleton) ? value : list[0]
        default:
            return node.traits.keepsArray ? .array(List(list, list.marks.union(.keepsSingleton))) : value
        }
    }

    private static func unwrapped(_ input: Value) -> Value {
        if case .array(let list) = input, list.marks.contains(.outerWrapper), !list.isEmpty { return list[0] }
        return input
    }

    private func dispatch(_ node: Node, _ input: Value, _ environment: Environment) throws(JSONataError) -> Value {
        switch node.kind {
        case .constant(let value): return Value(value)
        case .context: return Self.unwrapped(input)
        case .variable(let symbol): return lookup(symbol, environment)
        case .name(let name): return try lookup(name, in: input)
        case .path(let path): return try self.path(path, node, input, environment)
        case .wildcard: return try wildcard(input)
        case .descendants: return try descendants(input)
        case .parent(let symbol): return environment.lookup(symbol) ?? .undefined
        case .regex(let expression): return try made(.matcher(expression))
        case .array(let items): return try array(items, node, input, environment)
        case .range(let first, let last): return try range(first, last, input, environment)
        case .object(let group): return try self.group(group, over: input, environment)
        case .sort: return .undefined
        case .block(let parts): return try block(parts, input, environment)
        case .binding(let symbol, let value):
            let value = try evaluate(value, input, environment)
            if environment.isCaptured { try allocate(Self.bindingByteCount) }
            environment.bind(symbol, value)
            return value
        case .condition(let condition, let then, let otherwise):
            if Self.isTrue(try evaluate(condition, input, environment)) {
                return try evaluate(then, input, environment)
            }
            guard let otherwise else { return .undefined }
            return try evaluate(otherwise, input, environment)
        case .coalesce(let left, let right):
            let value = try evaluate(left, input, environment)
            return value.isUndefined ? try evaluate(right, input, environment) : value
        case .lambda(let lambda):
            try capture(environment)
            return try made(.lambda(lambda, environment, input: input))
        case .transform(let transform):
            try capture(environment)
            return try made(.transform(transform, environment, input: input))
        case .call(let call): return try self.call(call, node, input, environment, first: nil)
        case .apply(let left, let right): return try apply(left, right, node, input, environment)
        case .negation, .arithmetic, .equality, .comparison, .concatenation, .inclusion, .and, .or:
            return try operation(node, input, environment)
        }
    }

    private func block(_ parts: [Node], _ input: Value, _ environment: Environment) throws(JSONataError) -> Value {
        let frame = Environment(parent: environment)
        var result = Value.undefined
        for part in parts { result = try evaluate(part, input, frame) }
        return result
    }

    /// The value of a variable: bound in the expression, given from outside, or a built-in function.
    func lookup(_ symbol: Symbol, _ environment: Environment) -> Value {
        if let value = environment.lookup(symbol) { return value }
        let name = program.names[Int(symbol)]
        if name == "$" { return input }
        if let value = variables[name] { return Value(value) }
        if let builtin = program.builtins[Int(symbol)] { return .function(Function(.builtin(builtin))) }
        return .undefined
    }
}
