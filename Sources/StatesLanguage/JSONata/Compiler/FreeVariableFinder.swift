extension JSONataExpression {
    /// A variable that an expression reads and does not bind itself.
    public struct FreeVariable: Sendable, Hashable {
        /// The name without its `$`; empty for `$`, the context, and `$` for `$$`, the whole input.
        public let name: String
        /// The members read behind it one after another: `["input", "x"]` for `$states.input.x`.
        public let path: [String]
        /// The byte of the expression's text behind the variable's name.
        public let offset: Int
        /// Whether it is called as a function.
        public let isCalled: Bool
    }
}

/// Finds the variables, and the names that are looked up in the context, that an expression takes from outside.
struct FreeVariableFinder {
    private var found: [JSONataExpression.FreeVariable] = []
    private var scopes: [Set<String>] = [[]]
    /// Whether the context is something that the expression itself has made: then `$` and names are not free.
    private var hasContext = false

    static func find(in syntax: Syntax) -> [JSONataExpression.FreeVariable] {
        var finder = FreeVariableFinder()
        finder.visit(syntax)
        return finder.found
    }

    private func isBound(_ name: String) -> Bool { scopes.contains { $0.contains(name) } }

    private mutating func note(_ name: String, path: [String], at offset: Int, isCalled: Bool = false) {
        if name.isEmpty, hasContext { return }
        guard name.isEmpty || !isBound(name) else { return }
        found.append(.init(name: name, path: path, offset: offset, isCalled: isCalled))
    }

    private mutating func visitAll(_ parts: [Syntax]) {
        for part in parts { visit(part) }
    }

    private mutating func withContext(_ visit: (inout Self) -> Void) {
        let outer = hasContext
        hasContext = true
        visit(&self)
        hasContext = outer
    }

    private mutating func withScope(_ names: Set<String>, _ visit: (inout Self) -> Void) {
        scopes.append(names)
        visit(&self)
        scopes.removeLast()
    }

    private mutating func visit(_ syntax: Syntax) {
        switch syntax.kind {
        case .constant, .regex, .placeholder: break
        case .name(let name): note("", path: [name], at: syntax.offset)
        case .wildcard, .descendants, .parent: note("", path: [], at: syntax.offset)
        case .variable(let name): note(name, path: [], at: syntax.offset)
        case .negation(let part): visit(part)
        case .binary(_, let left, let right), .range(let left, let right), .apply(let left, let right),
            .elvis(let left, let right), .coalesce(let left, let right):
            visitAll([left, right])
        case .step, .filter, .group, .sort, .focus, .index: visitPath(syntax)
        case .array(let items): visitAll(items)
        case .object(let pairs): visitAll(pairs.flatMap { [$0.key, $0.value] })
        case .binding(let name, let value):
            // A function may call itself by the name that it is bound to.
            if case .lambda = value.kind { scopes[scopes.count - 1].insert(name) }
            visit(value)
            scopes[scopes.count - 1].insert(name)
        case .block(let parts): withScope([]) { $0.visitAll(parts) }
        case .condition(let condition, let then, let otherwise):
            visitAll([condition, then] + (otherwise.map { [$0] } ?? []))
        case .call(let function, let arguments):
            if case .variable(let name) = function.kind {
                note(name, path: [], at: function.offset, isCalled: true)
            } else {
                visit(function)
            }
            visitAll(arguments)
        case .lambda(let names, _, let body): withScope(Set(names)) { $0.visit(body) }
        case .transform(let pattern, let update, let delete):
            withContext { $0.visitAll([pattern, update] + (delete.map { [$0] } ?? [])) }
        }
    }

    private mutating func visitPath(_ syntax: Syntax) {
        if let (name, path, offset) = Self.memberPath(syntax) {
            note(name, path: path, at: offset)
            return
        }
        switch syntax.kind {
        case .step(let left, let right):
            visit(left)
            withContext { $0.visit(right) }
        case .filter(let left, let predicate):
            visit(left)
            withContext { $0.visit(predicate) }
        case .group(let left, let pairs):
            visit(left)
            withContext { $0.visitAll(pairs.flatMap { [$0.key, $0.value] }) }
        case .sort(let left, let terms):
            visit(left)
            withContext { $0.visitAll(terms.map(\.expression)) }
        case .focus(let left, let name), .index(let left, let name):
            visit(left)
            // The variable is bound in all that follows; taking it as bound everywhere only makes fewer complaints.
            scopes[scopes.count - 1].insert(name)
        default: break
        }
    }

    /// The variable and the members of a chain of plain names, such as `$states.input.x`, or nil for anything else.
    private static func memberPath(_ syntax: Syntax) -> (String, [String], Int)? {
        var names: [String] = []
        var current = syntax
        while case .step(let left, let right) = current.kind {
            switch right.kind {
            case .name(let name), .constant(.string(let name)): names.append(name)
            default: return nil
            }
            current = left
        }
        guard case .variable(let name) = current.kind else { return nil }
        return (name, names.reversed(), current.offset)
    }
}
