// From the written tree to the one that is evaluated. The rules for paths are the reference implementation's: the
// steps of
// `a.b.c` become one flat list, filters become stages of the step they stand behind, and every `%` is followed back
// to the
// step whose input it names, which is then told to remember that input.

/// Turns a syntax tree into a program.
struct Compiler {
    private var names: [String] = []
    /// The symbols by name, once there are so many that looking through the names takes longer.
    private var symbols: [String: Symbol] = [:]
    private static let indexThreshold = 8
    /// The symbol of each `%`; two that name the same step share one.
    var slotSymbols: [Symbol] = []

    static func compile(_ syntax: Syntax) throws(JSONataError) -> Program {
        var compiler = Compiler()
        let root = try compiler.node(syntax)
        if !root.traits.seeking.isEmpty { throw JSONataError(.s0217, token: "parent", at: root.traits.offset) }
        let slots = SlotResolver(symbols: compiler.slotSymbols)
        return Program(
            root: slots.resolved(root), names: compiler.names,
            builtins: compiler.names.map { Builtin.named[$0] })
    }

    /// Whether there may be something wrong with an expression of that kind that only compiling it tells.
    ///
    /// Steps are not asked about here.
    static func mayRefuse(_ kind: Syntax.Kind) -> Bool {
        switch kind {
        case .regex, .parent, .group, .focus, .index: true
        case .lambda(_, let signature, _): signature != nil
        default: false
        }
    }

    /// Whether a step may be one of a constant, which only a text can be.
    static func mayRefuse(_ left: Syntax, asStep right: Syntax) -> Bool {
        beginsWithConstant(left) || beginsWithConstant(right)
    }

    private static func beginsWithConstant(_ syntax: Syntax) -> Bool {
        switch syntax.kind {
        case .constant: true
        case .filter(let left, _), .sort(let left, _): beginsWithConstant(left)
        default: false
        }
    }

    mutating func symbol(_ name: String) -> Symbol {
        if names.count < Self.indexThreshold {
            if let known = names.firstIndex(of: name) { return Symbol(known) }
        } else {
            if symbols.isEmpty {
                for (number, name) in names.enumerated() { symbols[name] = Symbol(number) }
            }
            if let known = symbols[name] { return known }
            symbols[name] = Symbol(names.count)
        }
        names.append(name)
        return Symbol(names.count - 1)
    }

    /// A symbol that no variable of the text has.
    private mutating func hiddenSymbol() -> Symbol {
        names.append("%\(names.count)")
        return Symbol(names.count - 1)
    }

    mutating func node(_ syntax: Syntax) throws(JSONataError) -> Node {
        let compiled = try unmarked(syntax)
        return syntax.keepsArray ? Self.keepingArray(compiled) : compiled
    }

    private static func keepingArray(_ node: Node) -> Node {
        if case .path(var path) = node.kind, path.steps.count == 1 {
            path.keepsSingleton = true
            return Node(.path(path), node.traits).with { $0.keepsArray = true }
        }
        return node.with { $0.keepsArray = true }
    }

    private mutating func unmarked(_ syntax: Syntax) throws(JSONataError) -> Node {
        let offset = syntax.offset
        switch syntax.kind {
        case .constant(let value): return Node(.constant(value), at: offset)
        case .regex(let pattern, let flags):
            return Node(.regex(try Self.expression(pattern, flags: flags, at: offset)), at: offset)
        case .name(let name):
            return Node(.path(Node.Path(steps: [Node(.name(name), at: offset)], isPlain: true)), at: offset)
        case .variable(""): return Node(.context, at: offset)
        case .variable(let name): return Node(.variable(symbol(name)), at: offset)
        case .wildcard: return Node(.wildcard, at: offset)
        case .descendants: return Node(.descendants, at: offset)
        case .parent:
            slotSymbols.append(hiddenSymbol())
            let slot = ParentSlot(index: slotSymbols.count - 1)
            return Node(.parent(Symbol(slot.index)), at: offset).with { $0.seeking = [slot] }
        case .placeholder: throw JSONataError(.s0201, token: "?", at: offset)
        case .step, .filter, .group, .sort, .focus, .index: return try pathNode(syntax)
        case .negation, .binary, .array, .range, .object, .binding, .apply, .block, .condition, .elvis, .coalesce:
            return try valueNode(syntax)
        case .call(let function, let arguments): return try call(function, arguments, at: offset, isTail: false)
        case .lambda(let parameters, let signature, let body):
            let parsed = try signature.map { (text) throws(JSONataError) in try Signature(parsing: text, at: offset) }
            let symbols = parameters.map { symbol($0) }
            let lambda = Node.Lambda(parameters: symbols, signature: parsed, body: try tailNode(body))
            return Node(.lambda(lambda), at: offset)
        case .transform(let pattern, let update, let delete):
            let transform = Node.Transform(
                pattern: try node(pattern), update: try node(update),
                delete: try delete.map { (part) throws(JSONataError) in try node(part) },
                cloneSymbol: symbol("clone"))
            return Node(.transform(transform), at: offset)
        }
    }

    private static func expression(
        _ pattern: String, flags: String, at offset: Int
    ) throws(JSONataError) -> RegularExpression {
        do throws(RegularExpressionError) {
            return try RegularExpression(
                pattern, ignoresCase: flags.contains("i"), isMultiline: flags.contains("m"))
        } catch {
            throw JSONataError(.s0303, value: "/\(pattern)/: \(error.message)", at: offset)
        }
    }

    /// A node that carries on the search for the parents that its parts are missing.
    func node(_ kind: Node.Kind, at offset: Int, over parts: [Node]) -> Node {
        var traits = Node.Traits(offset: offset)
        for part in parts { traits.seeking += part.traits.seeking }
        return Node(kind, traits)
    }
}
