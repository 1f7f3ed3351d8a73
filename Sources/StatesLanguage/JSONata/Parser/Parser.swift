// An operator-precedence parser as Vaughan Pratt described it: every token knows what it means at the beginning of an
// expression (`operand`) and behind one (`extend`), and how strongly it binds what stands before it (`power`).

/// Reads the text of an expression.
struct Parser {
    private var tokenizer: Tokenizer
    private(set) var token = Token(kind: .end, text: "(end)", end: 0)
    private var depth = 0
    private var stack = LargeStack()
    /// What must still close the brackets that are open, the innermost last.
    private var closers: [String] = []
    /// Whether there is something in the expression for which the compiler may refuse it.
    private var mayBeRefused = false

    /// The expression that a text holds.
    static func parse(_ text: String) throws(JSONataError) -> Syntax { try parseAndJudge(text).syntax }

    /// The expression that a text holds, and whether only the compiler knows if it is right.
    static func parseAndJudge(_ text: String) throws(JSONataError) -> (syntax: Syntax, mayBeRefused: Bool) {
        var parser = Parser(tokenizer: Tokenizer(text))
        try parser.advance(afterOperand: false)
        let syntax = try parser.expression(0)
        guard case .end = parser.token.kind else {
            throw JSONataError(.s0201, token: parser.token.text, at: parser.token.end)
        }
        return (syntax, parser.mayBeRefused)
    }

    private init(tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    mutating func advance(afterOperand: Bool) throws(JSONataError) {
        token = try tokenizer.next(afterOperand: afterOperand)
        if token.isOperator("!") || token.isOperator("~") {
            throw JSONataError(.s0204, token: token.text, at: token.end)
        }
    }

    /// Steps over an operator that must stand here.
    mutating func expect(_ symbol: String, afterOperand: Bool = false) throws(JSONataError) {
        guard token.isOperator(symbol) else {
            if case .end = token.kind {
                throw JSONataError(.s0203, token: "(end)", value: "\"\(symbol)\"", at: token.end)
            }
            throw JSONataError(.s0202, token: token.text, value: "\"\(symbol)\"", at: token.end)
        }
        try advance(afterOperand: afterOperand)
    }

    /// Steps over an operator if it stands here.
    mutating func skip(_ symbol: String) throws(JSONataError) -> Bool {
        guard token.isOperator(symbol) else { return false }
        try advance(afterOperand: false)
        return true
    }

    /// Reads an expression in brackets; a text that ends where it should begin lacks the closing one.
    mutating func expression(until closer: String) throws(JSONataError) -> Syntax {
        closers.append(closer)
        defer { closers.removeLast() }
        return try expression(0)
    }

    /// The error for a text that ends where an expression is expected.
    func unexpectedEnd(at offset: Int) -> JSONataError {
        guard let closer = closers.last else { return JSONataError(.s0207, token: "(end)", at: offset) }
        return JSONataError(.s0203, token: "(end)", value: "\"\(closer)\"", at: offset)
    }

    mutating func expression(_ rightPower: Int) throws(JSONataError) -> Syntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Syntax.heightLimit else { throw Self.tooDeep(at: token.end) }
        return stack.isNeeded ? try expressionOnLargeStack(rightPower) : try unguardedExpression(rightPower)
    }

    private mutating func expressionOnLargeStack(_ rightPower: Int) throws(JSONataError) -> Syntax {
        var outcome = Result<Syntax, JSONataError>.failure(Self.tooDeep(at: token.end))
        stack.isLarge = true
        defer { stack.isLarge = false }
        _ = LargeStack.run {
            outcome = Result { () throws(JSONataError) -> Syntax in try unguardedExpression(rightPower) }
        }
        return try outcome.get()
    }

    private mutating func unguardedExpression(_ rightPower: Int) throws(JSONataError) -> Syntax {
        let first = token
        try advance(afterOperand: true)
        var left = try operand(first)
        while rightPower < Self.power(of: token) {
            let symbol = token
            try advance(afterOperand: false)
            left = try extend(left, symbol)
        }
        return left
    }

    /// Makes a node of two parts, as most are.
    mutating func node(
        _ kind: Syntax.Kind, at offset: Int, over left: Syntax, _ right: Syntax
    ) throws(JSONataError) -> Syntax {
        if case .step = kind, Compiler.mayRefuse(left, asStep: right) { mayBeRefused = true }
        let height = max(left.height, right.height)
        guard height < Syntax.heightLimit else { throw Self.tooDeep(at: offset) }
        return Syntax(kind: kind, offset: offset, height: height + 1)
    }

    /// Makes a node that is one higher than the highest of its parts.
    mutating func node(
        _ kind: Syntax.Kind, at offset: Int, over parts: [Syntax] = []
    ) throws(JSONataError) -> Syntax {
        if Compiler.mayRefuse(kind) { mayBeRefused = true }
        var height = 0
        for part in parts { height = max(height, part.height) }
        guard height < Syntax.heightLimit else { throw Self.tooDeep(at: offset) }
        return Syntax(kind: kind, offset: offset, height: height + 1)
    }

    private static func tooDeep(at offset: Int) -> JSONataError {
        JSONataError(.s0500, value: String(Syntax.heightLimit), at: offset)
    }

    private static func power(of token: Token) -> Int {
        guard case .operator = token.kind else { return 0 }
        switch token.text {
        case "[", "(", "@", "#": return 80
        case ".": return 75
        case "{": return 70
        case "*", "/", "%": return 60
        case "+", "-", "&": return 50
        case "=", "<", ">", "^", "!=", "<=", ">=", "~>", "?:", "??", "in": return 40
        case "and": return 30
        case "or": return 25
        case "?": return 20
        case ":=": return 10
        default: return 0
        }
    }
}
