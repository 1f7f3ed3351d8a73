/// A function as a value.
final class Function {
    indirect enum Kind {
        case builtin(Builtin)
        case lambda(Node.Lambda, Environment, input: Value)
        /// A function with some arguments given; nil stands for one still to come.
        case partial(Function, [Value?])
        /// First one function, then another on its result.
        case composed(Function, Function)
        case matcher(RegularExpression)
        /// The rest of a match: called without arguments it gives the next one.
        case nextMatch(RegularExpression, text: RegularExpression.Text, from: Int)
        case transform(Node.Transform, Environment, input: Value)
    }

    let kind: Kind
    /// How deep functions are made of functions.
    let depth: Int

    init(_ kind: Kind) {
        self.kind = kind
        switch kind {
        case .builtin, .lambda, .matcher, .nextMatch, .transform: depth = 0
        case .composed(let first, let second): depth = max(first.depth, second.depth) + 1
        case .partial(let function, let arguments):
            var depth = function.depth
            for argument in arguments { depth = max(depth, argument?.depth ?? 0) }
            self.depth = depth + 1
        }
    }

    /// How many arguments the function takes at most, as far as that is known.
    var parameterCount: Int {
        switch kind {
        case .builtin(let builtin): builtin.parameterCount
        case .lambda(let lambda, _, _): lambda.parameters.count
        case .partial(_, let arguments): arguments.count { $0 == nil }
        case .composed, .matcher, .transform: 1
        case .nextMatch: 0
        }
    }

    var signature: Signature? {
        switch kind {
        case .builtin(let builtin): builtin.signature
        case .lambda(let lambda, _, _): lambda.signature
        case .transform: Signature.transform
        case .partial, .composed, .matcher, .nextMatch: nil
        }
    }
}

/// The variables that are bound at one place of an expression.
///
/// A lambda keeps the environment it was made in, which keeps the lambda if it is bound to a name there: a circle,
/// which the
/// evaluator cuts when it has finished.
final class Environment {
    private(set) var parent: Environment?
    private var bindings: [(symbol: Symbol, value: Value)] = []
    /// Whether the evaluator knows it as one to be emptied in the end.
    var isCaptured = false

    init(parent: Environment?) { self.parent = parent }

    init(parent: Environment, tuple: Tuple) {
        self.parent = parent
        bindings = tuple.bindings
    }

    var bindingCount: Int { bindings.count }

    func bind(_ symbol: Symbol, _ value: Value) {
        for position in bindings.indices where bindings[position].symbol == symbol {
            bindings[position].value = value
            return
        }
        bindings.append((symbol, value))
    }

    func lookup(_ symbol: Symbol) -> Value? {
        var environment: Environment? = self
        while let current = environment {
            for binding in current.bindings where binding.symbol == symbol { return binding.value }
            environment = current.parent
        }
        return nil
    }

    func clear() {
        bindings = []
        parent = nil
    }
}
