/// A function of the standard library, or one that Step Functions adds to it.
///
/// Differences from the reference implementation are wanted: `$eval` is not there (Step Functions refuses it;
/// `$parse` reads
/// JSON), `$random` takes a seed, and `$partition`, `$range`, `$hash`, `$uuid` and `$parse` are added.
final class Builtin: Sendable {
    let kind: Kind
    let name: String
    let signature: Signature?
    /// How many arguments a higher-order function passes to it.
    let parameterCount: Int

    private init(kind: Kind, name: String, signature: Signature?, parameterCount: Int) {
        self.kind = kind
        self.name = name
        self.signature = signature
        self.parameterCount = parameterCount
    }

    enum Kind: Sendable {
        case text(TextFunction)
        case pattern(PatternFunction)
        case number(NumberFunction)
        case array(ArrayFunction)
        case object(ObjectFunction)
        case higherOrder(HigherOrderFunction)
        case time(TimeFunction)
        case states(StatesFunction)
    }

    /// All functions by their name without the `$`.
    static let named: [String: Builtin] = {
        var named: [String: Builtin] = [:]
        func add(_ kind: Kind, _ name: String, _ signature: String) {
            // The signatures of this file parse; one that did not would only lose its check.
            let parsed = try? Signature(parsing: signature, at: 0)
            // `$string` takes a second argument, but not from a higher-order function.
            let count = name == "string" ? 1 : parsed?.count ?? 0
            named[name] = Builtin(kind: kind, name: name, signature: parsed, parameterCount: count)
        }
        for function in TextFunction.allCases { add(.text(function), function.rawValue, function.signature) }
        for function in PatternFunction.allCases { add(.pattern(function), function.rawValue, function.signature) }
        for function in NumberFunction.allCases { add(.number(function), function.rawValue, function.signature) }
        for function in ArrayFunction.allCases { add(.array(function), function.rawValue, function.signature) }
        for function in ObjectFunction.allCases { add(.object(function), function.rawValue, function.signature) }
        for function in HigherOrderFunction.allCases {
            add(.higherOrder(function), function.rawValue, function.signature)
        }
        for function in TimeFunction.allCases { add(.time(function), function.rawValue, function.signature) }
        for function in StatesFunction.allCases { add(.states(function), function.rawValue, function.signature) }
        return named
    }()
}

/// The arguments of a call; what was not given is undefined.
struct Arguments {
    let values: [Value]

    init(_ values: [Value]) { self.values = values }

    subscript(index: Int) -> Value { index < values.count ? values[index] : .undefined }

    func string(_ index: Int) -> String? { if case .string(let text) = self[index] { text } else { nil } }

    func double(_ index: Int) -> Double? {
        if case .number(let number) = self[index] { number.doubleValue } else { nil }
    }

    func function(_ index: Int) -> Function? { if case .function(let function) = self[index] { function } else { nil } }

    func list(_ index: Int) -> List? { if case .array(let list) = self[index] { list } else { nil } }
}

extension Evaluator {
    func call(_ builtin: Builtin, _ arguments: Arguments, context: Value) throws(JSONataError) -> Value {
        switch builtin.kind {
        case .text(let function): try call(function, arguments)
        case .pattern(let function): try call(function, arguments)
        case .number(let function): try call(function, arguments)
        case .array(let function): try call(function, arguments)
        case .object(let function): try call(function, arguments)
        case .higherOrder(let function): try call(function, arguments)
        case .time(let function): try call(function, arguments)
        case .states(let function): try call(function, arguments)
        }
    }
}
