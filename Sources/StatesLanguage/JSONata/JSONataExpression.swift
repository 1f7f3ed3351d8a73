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

    /// All of it, made once and then shared, so that to copy an expression is cheap.
    private let compiled: Compiled

    private final class Compiled: Sendable {
        let text: String
        let freeVariables: [FreeVariable]
        /// Nil where nobody is going to evaluate the expression.
        let program: Program?

        init(text: String, freeVariables: [FreeVariable], program: Program?) {
            self.text = text
            self.freeVariables = freeVariables
            self.program = program
        }
    }

    /// Compiles an expression from its text, the part between `{%` and `%}`.
    public init(parsing text: String) throws(JSONataError) { self = try Self.read(text, keepsProgram: true) }

    /// Reads an expression to see what is wrong with it; what only an evaluation needs is not kept, or not even made.
    ///
    /// A megabyte of expressions compiles to many megabytes, which are better released before the next is made.
    init(checking text: String) throws(JSONataError) { self = try Self.read(text, keepsProgram: false) }

    private init(compiled: Compiled) { self.compiled = compiled }

    private static func read(_ text: String, keepsProgram: Bool) throws(JSONataError) -> JSONataExpression {
        guard text.utf8.count <= textLimit else {
            throw JSONataError(.u1001, value: "The expression has more than \(textLimit) bytes")
        }
        let (syntax, mayBeRefused) = try Parser.parseAndJudge(text)
        // What walks over the tree is no deeper than the tree; a high one, which is rare, gets a large stack.
        return try onFittingStack(syntax) { (syntax) throws(JSONataError) in
            let program = keepsProgram || mayBeRefused ? try Compiler.compile(syntax) : nil
            let free = FreeVariableFinder.find(in: syntax)
            let compiled = Compiled(text: text, freeVariables: free, program: keepsProgram ? program : nil)
            return JSONataExpression(compiled: compiled)
        }
    }

    /// The text between `{%` and `%}`.
    public var text: String { compiled.text }

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
    public var freeVariables: [FreeVariable] { compiled.freeVariables }

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
        guard let program = compiled.program else {
            return try JSONataExpression(parsing: text).evaluate(
                input, variables: variables, limits: limits, now: now, random: &random)
        }
        let evaluator = Evaluator(
            program, input: input, variables: variables, limits: limits, now: now, random: random)
        defer { random = evaluator.random }
        return try evaluator.run()
    }
}

extension JSONataExpression: Hashable {
    /// Tells whether two expressions have the same text.
    public static func == (left: JSONataExpression, right: JSONataExpression) -> Bool {
        left.compiled === right.compiled || left.text.hasSameBytes(as: right.text)
    }

    /// Feeds the text to a hasher, in agreement with equality.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
