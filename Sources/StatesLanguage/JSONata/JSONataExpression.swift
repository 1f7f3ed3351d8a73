/// An expression of JSONata, the query and transformation language of `{% ... %}` in Step Functions.
///
/// It is compiled once and evaluated many times. The language is that of the reference implementation
/// (docs.jsonata.org,
/// version 2.1) with the functions that Step Functions adds (`$partition`, `$range`, `$hash`, `$random` with a seed,
/// `$uuid`, `$parse`) and without `$eval`. Differences from the reference: members keep the order in which they were
/// written, numbers that pass through untouched stay exact, a calculation that is not finite gives a text such as
/// `"Infinity"`, as on AWS, and characters are Unicode scalars also in regular expressions.
public struct JSONataExpression: Sendable {
    /// The most bytes that an expression's text may have.
    public static let textLimit = 262_144

    /// The text between `{%` and `%}`.
    public let text: String
    private let program: Program

    /// Compiles an expression from its text, the part between `{%` and `%}`.
    public init(parsing text: String) throws(JSONataError) {
        guard text.utf8.count <= Self.textLimit else {
            throw JSONataError(.u1001, value: "The expression has more than \(Self.textLimit) bytes")
        }
        self.text = text
        let syntax = try Parser.parse(text)
        // What walks over the tree is no deeper than the tree; a high one, which is rare, gets a large stack.
        program = try Self.onFittingStack(syntax) { (syntax) throws(JSONataError) in try Compiler.compile(syntax) }
    }

    private static func onFittingStack<Output>(
        _ syntax: Syntax, _ walk: (Syntax) throws(JSONataError) -> Output
    ) throws(JSONataError) -> Output {
        guard syntax.height > 40 else { return try walk(syntax) }
        var outcome = Result<Output, JSONataError>.failure(JSONataError.tooDeep)
        _ = LargeStack.run {
            outcome = Result { () throws(JSONataError) -> Output in try walk(syntax) }
        }
        return try outcome.get()
    }

    /// The variables that the expression reads without having bound them itself, in the order of the text.
    ///
    /// A name that is looked up in the context counts as one of `$`, whose name is empty. Built-in functions are
    /// among them.
    public var freeVariables: [FreeVariable] { program.freeVariables }

    /// The text laid out anew; it compiles to the same expression.
    public var canonicalText: String {
        get throws(JSONataError) {
            try Self.onFittingStack(try Parser.parse(text)) { SyntaxPrinter.text(of: $0) }
        }
    }

    /// The value of the expression for an input, the context `$`; nil when there is none.
    ///
    /// The same arguments give the same value: time and chance come from the caller, and limits are counted.
    public func evaluate(
        _ input: JSONValue?, variables: JSONataVariables = JSONataVariables(), limits: JSONataLimits = JSONataLimits(),
        now: Timestamp, seed: inout UInt64
    ) throws(JSONataError) -> JSONValue? {
        var random = SeededRandom(seed: seed)
        defer { seed = random.next() }
        return try evaluate(input, variables: variables, limits: limits, now: now, random: &random)
    }

    /// The value of the expression for an input; nil when there is none.
    func evaluate(
        _ input: JSONValue?, variables: JSONataVariables, limits: JSONataLimits = JSONataLimits(), now: Timestamp,
        random: inout SeededRandom
    ) throws(JSONataError) -> JSONValue? {
        let evaluator = Evaluator(
            program, input: input, variables: variables, limits: limits, now: now, random: random)
        defer { random = evaluator.random }
        return try evaluator.run()
    }
}

extension JSONataExpression: Hashable {
    /// Tells whether two expressions have the same text.
    public static func == (left: JSONataExpression, right: JSONataExpression) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    /// Feeds the text to a hasher, in agreement with equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
