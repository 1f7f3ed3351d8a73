extension Parser {
    /// What an operator means behind an expression; the operator has been stepped over.
    mutating func extend(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        switch symbol.text {
        case ".":
            let right = try expression(75)
            return try node(.step(left, right), at: symbol.end, over: left, right)
        case "[": return try filter(left, symbol)
        case "{":
            let pairs = try pairs()
            return try node(.group(left, pairs), at: symbol.end, over: [left] + pairs.flatMap { [$0.key, $0.value] })
        case "(": return try call(left, symbol)
        case "^": return try sort(left, symbol)
        case "@", "#": return try variableBinding(left, symbol)
        case ":=": return try binding(left, symbol)
        case "?": return try condition(left, symbol)
        case "?:":
            let right = try expression(0)
            return try node(.elvis(left, right), at: symbol.end, over: left, right)
        case "??":
            let right = try expression(0)
            return try node(.coalesce(left, right), at: symbol.end, over: left, right)
        case "~>":
            let right = try expression(40)
            return try node(.apply(left, right), at: symbol.end, over: left, right)
        default: return try binary(left, symbol)
        }
    }

    private mutating func binary(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        guard let operation = BinaryOperator(rawValue: symbol.text) else {
            throw JSONataError(.s0201, token: symbol.text, at: symbol.end)
        }
        let power =
            switch operation {
            case .multiply, .divide, .remainder: 60
            case .add, .subtract, .concatenate: 50
            case .equal, .unequal, .less, .lessOrEqual, .greater, .greaterOrEqual, .in: 40
            case .and: 30
            case .or: 25
            }
        let right = try expression(power)
        return try node(.binary(operation, left, right), at: symbol.end, over: left, right)
    }

    private mutating func filter(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        if token.isOperator("]") {
            try advance(afterOperand: true)
            return Self.keepingArray(left)
        }
        let predicate = try expression(until: "]")
        try expect("]", afterOperand: true)
        return try node(.filter(left, by: predicate), at: symbol.end, over: left, predicate)
    }

    /// Marks the expression under all filters: `a[1][]` keeps the array that `a` gives.
    private static func keepingArray(_ syntax: Syntax) -> Syntax {
        if case .filter(let inner, let predicate) = syntax.kind {
            var outer = Syntax(
                kind: .filter(keepingArray(inner), by: predicate), offset: syntax.offset, height: syntax.height)
            outer.keepsArray = syntax.keepsArray
            return outer
        }
        var marked = syntax
        marked.keepsArray = true
        return marked
    }

    private mutating func call(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        var arguments: [Syntax] = []
        if !token.isOperator(")") {
            repeat {
                if token.isOperator("?") {
                    arguments.append(try node(.placeholder, at: token.end))
                    try advance(afterOperand: true)
                } else {
                    arguments.append(try expression(until: ")"))
                }
            } while try skip(",")
        }
        try expect(")", afterOperand: true)
        if case .name("function") = left.kind { return try lambda(arguments, symbol) }
        if case .name("λ") = left.kind { return try lambda(arguments, symbol) }
        return try node(.call(left, arguments), at: symbol.end, over: [left] + arguments)
    }

    private mutating func lambda(_ arguments: [Syntax], _ symbol: Token) throws(JSONataError) -> Syntax {
        var names: [String] = []
        for (position, argument) in arguments.enumerated() {
            guard case .variable(let name) = argument.kind else {
                throw JSONataError(
                    .s0208, token: SyntaxPrinter.shortText(of: argument), value: String(position + 1),
                    at: argument.offset)
            }
            names.append(name)
        }
        let signature = token.isOperator("<") ? try signature() : nil
        try expect("{")
        let body = try expression(until: "}")
        try expect("}", afterOperand: true)
        return try node(.lambda(names, signature: signature, body: body), at: symbol.end, over: [body])
    }

    /// Gathers the text of a signature up to the bracket that closes it.
    private mutating func signature() throws(JSONataError) -> String {
        var text = "<"
        var depth = 1
        while depth > 0, !token.isOperator("{") {
            if case .end = token.kind { break }
            try advance(afterOperand: false)
            if token.isOperator(">") { depth -= 1 }
            if token.isOperator("<") { depth += 1 }
            if case .end = token.kind { break }
            text += token.text
        }
        try expect(">")
        return text
    }

    private mutating func sort(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        try expect("(")
        var terms: [Syntax.SortTerm] = []
        repeat {
            var isDescending = false
            if token.isOperator(">") {
                isDescending = true
                try advance(afterOperand: false)
            } else {
                _ = try skip("<")
            }
            terms.append(Syntax.SortTerm(expression: try expression(until: ")"), isDescending: isDescending))
        } while try skip(",")
        try expect(")", afterOperand: true)
        return try node(.sort(left, terms), at: symbol.end, over: [left] + terms.map(\.expression))
    }

    private mutating func variableBinding(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        let right = try expression(80)
        guard case .variable(let name) = right.kind else {
            throw JSONataError(.s0214, token: symbol.text, at: right.offset)
        }
        let kind: Syntax.Kind = symbol.text == "@" ? .focus(left, name) : .index(left, name)
        return try node(kind, at: symbol.end, over: [left])
    }

    private mutating func binding(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        guard case .variable(let name) = left.kind else {
            throw JSONataError(.s0212, token: SyntaxPrinter.shortText(of: left), at: left.offset)
        }
        let right = try expression(9)
        return try node(.binding(name, right), at: symbol.end, over: [right])
    }

    private mutating func condition(_ left: Syntax, _ symbol: Token) throws(JSONataError) -> Syntax {
        let then = try expression(0)
        var otherwise: Syntax?
        if try skip(":") { otherwise = try expression(0) }
        let parts = [left, then] + (otherwise.map { [$0] } ?? [])
        return try node(.condition(left, then: then, otherwise: otherwise), at: symbol.end, over: parts)
    }
}
