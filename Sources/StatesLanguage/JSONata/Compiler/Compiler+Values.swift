extension Compiler {
    /// Compiles what is not a path, a function or a literal.
    mutating func valueNode(_ syntax: Syntax) throws(JSONataError) -> Node {
        let offset = syntax.offset
        switch syntax.kind {
        case .negation(let part):
            let part = try node(part)
            return node(.negation(part), at: offset, over: [part])
        case .binary(let operation, let left, let right):
            let (left, right) = (try node(left), try node(right))
            return node(Self.kind(operation, left, right), at: offset, over: [left, right])
        case .array(let items):
            let items = try nodes(items)
            return node(.array(items), at: offset, over: items)
        case .range(let first, let last):
            let (first, last) = (try node(first), try node(last))
            return node(.range(first, last), at: offset, over: [first, last])
        case .object(let pairs):
            let group = try group(pairs, at: offset)
            return node(.object(group), at: offset, over: group.pairs.flatMap { [$0.key, $0.value] })
        case .binding(let name, let value):
            let value = try node(value)
            return node(.binding(symbol(name), value), at: offset, over: [value])
        case .apply(let left, let right):
            let (left, right) = (try node(left), try node(right))
            let keepsArray = left.traits.keepsArray || right.traits.keepsArray
            return Node(.apply(left, right), at: offset).with { $0.keepsArray = keepsArray }
        case .block(let parts):
            let parts = try nodes(parts)
            let isConstructor = parts.contains { $0.isConstructing }
            return node(.block(parts), at: offset, over: parts).with { $0.isConstructor = isConstructor }
        default: return try conditionNode(syntax)
        }
    }

    private mutating func conditionNode(_ syntax: Syntax) throws(JSONataError) -> Node {
        let offset = syntax.offset
        switch syntax.kind {
        case .condition(let condition, let then, let otherwise):
            let (condition, then) = (try node(condition), try node(then))
            let other = try otherwise.map { (part) throws(JSONataError) in try node(part) }
            return node(
                .condition(condition, then: then, otherwise: other), at: offset,
                over: [condition, then] + (other.map { [$0] } ?? []))
        case .elvis(let left, let right):
            let (left, right) = (try node(left), try node(right))
            return node(.condition(left, then: left, otherwise: right), at: offset, over: [left, right])
        case .coalesce(let left, let right):
            let (left, right) = (try node(left), try node(right))
            return node(.coalesce(left, right), at: offset, over: [left, right])
        default: throw JSONataError(.s0201, token: SyntaxPrinter.shortText(of: syntax), at: offset)
        }
    }

    private static func kind(_ operation: BinaryOperator, _ left: Node, _ right: Node) -> Node.Kind {
        switch operation {
        case .add, .subtract, .multiply, .divide, .remainder: .arithmetic(operation, left, right)
        case .equal, .unequal: .equality(operation, left, right)
        case .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison(operation, left, right)
        case .concatenate: .concatenation(left, right)
        case .and: .and(left, right)
        case .or: .or(left, right)
        case .in: .inclusion(left, right)
        }
    }

    mutating func nodes(_ parts: [Syntax]) throws(JSONataError) -> [Node] {
        var nodes: [Node] = []
        nodes.reserveCapacity(parts.count)
        for part in parts { nodes.append(try node(part)) }
        return nodes
    }

    mutating func group(_ pairs: [Syntax.Pair], at offset: Int) throws(JSONataError) -> Node.Group {
        var nodes: [Node.Pair] = []
        for pair in pairs { nodes.append(Node.Pair(key: try node(pair.key), value: try node(pair.value))) }
        return Node.Group(pairs: nodes, offset: offset)
    }

    mutating func call(
        _ function: Syntax, _ arguments: [Syntax], at offset: Int, isTail: Bool
    ) throws(JSONataError) -> Node {
        let procedure = try node(function)
        var nodes: [Node?] = []
        for argument in arguments {
            if case .placeholder = argument.kind { nodes.append(nil) } else { nodes.append(try node(argument)) }
        }
        var name: String?
        var pathName: Symbol?
        if case .name(let text) = function.kind {
            name = text
            pathName = symbol(text)
        } else if case .variable(let text) = function.kind {
            name = text
        }
        let call = Node.Call(procedure: procedure, arguments: nodes, isTail: isTail, name: name, pathName: pathName)
        return node(.call(call), at: offset, over: nodes.compactMap { $0 })
    }

    /// Compiles the body of a lambda: calls that are the last thing it does are marked.
    mutating func tailNode(_ syntax: Syntax) throws(JSONataError) -> Node {
        guard !syntax.keepsArray else { return try node(syntax) }
        switch syntax.kind {
        case .call(let function, let arguments):
            let isPartial = arguments.contains { if case .placeholder = $0.kind { true } else { false } }
            return try call(function, arguments, at: syntax.offset, isTail: !isPartial)
        case .condition(let condition, let then, let otherwise):
            let (condition, then) = (try node(condition), try tailNode(then))
            let other = try otherwise.map { (part) throws(JSONataError) in try tailNode(part) }
            return node(
                .condition(condition, then: then, otherwise: other), at: syntax.offset,
                over: [condition, then] + (other.map { [$0] } ?? []))
        case .block(let parts):
            guard let last = parts.last else { return try node(syntax) }
            let nodes = try nodes(Array(parts.dropLast())) + [try tailNode(last)]
            return node(.block(nodes), at: syntax.offset, over: nodes)
        default: return try node(syntax)
        }
    }
}

extension Node {
    /// Whether the value is an array that an array constructor at the beginning makes.
    fileprivate var isConstructing: Bool {
        if traits.isConstructor { return true }
        if case .path(let path) = kind, let first = path.steps.first { return first.traits.isConstructor }
        return false
    }
}
