extension Parser {
    /// What a token means at the beginning of an expression; the token has been stepped over.
    mutating func operand(_ first: Token) throws(JSONataError) -> Syntax {
        switch first.kind {
        case .end: throw unexpectedEnd(at: first.end)
        case .name: return try node(.name(first.text), at: first.end)
        case .variable: return try node(.variable(first.text), at: first.end)
        case .string: return try node(.constant(.string(first.text)), at: first.end)
        case .number(let number): return try node(.constant(.number(number)), at: first.end)
        case .constant(let value): return try node(.constant(value), at: first.end)
        case .regex(let flags): return try node(.regex(pattern: first.text, flags: flags), at: first.end)
        case .operator: return try prefix(first)
        }
    }

    private mutating func prefix(_ symbol: Token) throws(JSONataError) -> Syntax {
        switch symbol.text {
        case "*": return try node(.wildcard, at: symbol.end)
        case "**": return try node(.descendants, at: symbol.end)
        case "%": return try node(.parent, at: symbol.end)
        // Where an operand must stand, these words are names.
        case "and", "or", "in": return try node(.name(symbol.text), at: symbol.end)
        case "-": return try negation(symbol)
        case "(": return try block(symbol)
        case "[": return try array(symbol)
        case "{":
            let pairs = try pairs()
            return try node(.object(pairs), at: symbol.end, over: pairs.flatMap { [$0.key, $0.value] })
        case "|": return try transform(symbol)
        default: throw JSONataError(.s0211, token: symbol.text, at: symbol.end)
        }
    }

    /// Reads what a minus sign negates; a number literal becomes a negative literal at once.
    private mutating func negation(_ symbol: Token) throws(JSONataError) -> Syntax {
        let part = try expression(70)
        if case .constant(.number(let number)) = part.kind, !part.keepsArray {
            let negative = JSONNumber(calculated: -number.doubleValue)
            return try node(.constant(.number(negative)), at: symbol.end)
        }
        return try node(.negation(part), at: symbol.end, over: [part])
    }

    private mutating func block(_ symbol: Token) throws(JSONataError) -> Syntax {
        var parts: [Syntax] = []
        while !token.isOperator(")") {
            parts.append(try expression(until: ")"))
            guard try skip(";") else { break }
        }
        try expect(")", afterOperand: true)
        return try node(.block(parts), at: symbol.end, over: parts)
    }

    private mutating func array(_ symbol: Token) throws(JSONataError) -> Syntax {
        var items: [Syntax] = []
        if !token.isOperator("]") {
            repeat {
                let item = try expression(until: "]")
                if token.isOperator("..") {
                    let end = token.end
                    try advance(afterOperand: false)
                    let last = try expression(until: "]")
                    items.append(try node(.range(item, last), at: end, over: [item, last]))
                } else {
                    items.append(item)
                }
            } while try skip(",")
        }
        try expect("]", afterOperand: true)
        return try node(.array(items), at: symbol.end, over: items)
    }

    /// Reads the members of an object constructor or a grouping up to its closing brace.
    mutating func pairs() throws(JSONataError) -> [Syntax.Pair] {
        var pairs: [Syntax.Pair] = []
        if !token.isOperator("}") {
            repeat {
                let key = try expression(until: ":")
                try expect(":")
                pairs.append(Syntax.Pair(key: key, value: try expression(until: "}")))
            } while try skip(",")
        }
        try expect("}", afterOperand: true)
        return pairs
    }

    private mutating func transform(_ symbol: Token) throws(JSONataError) -> Syntax {
        let pattern = try expression(until: "|")
        try expect("|")
        let update = try expression(until: "|")
        var delete: Syntax?
        if try skip(",") { delete = try expression(until: "|") }
        // The closing bar ends an operand, so a slash behind it divides.
        try expect("|", afterOperand: true)
        let parts = [pattern, update] + (delete.map { [$0] } ?? [])
        return try node(.transform(pattern, update: update, delete: delete), at: symbol.end, over: parts)
    }
}
