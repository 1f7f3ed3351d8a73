extension Compiler {
    mutating func pathNode(_ syntax: Syntax) throws(JSONataError) -> Node {
        let offset = syntax.offset
        switch syntax.kind {
        case .step(let left, let right): return try step(try node(left), try node(right), at: offset)
        case .filter(let left, let predicate):
            return try filter(try node(left), by: try node(predicate), at: offset)
        case .group(let left, let pairs):
            let base = try node(left)
            guard base.traits.group == nil else { throw JSONataError(.s0210, at: offset) }
            let group = try group(pairs, at: offset)
            return base.with { $0.group = group }
        case .sort(let left, let terms): return try sort(try node(left), terms, at: offset)
        case .focus(let left, let name):
            let symbol = symbol(name)
            let base = try node(left)
            let step = Self.lastStep(of: base)
            guard step.traits.stages.isEmpty, step.traits.predicates.isEmpty else {
                throw JSONataError(.s0215, at: offset)
            }
            if case .sort = step.kind { throw JSONataError(.s0216, at: offset) }
            let focused = step.with {
                $0.focus = symbol
                $0.makesTuples = true
                if syntax.keepsArray { $0.keepsArray = true }
            }
            return replacingLastStep(of: base, by: focused)
        case .index(let left, let name): return try index(try node(left), symbol(name))
        default: throw JSONataError(.s0201, token: SyntaxPrinter.shortText(of: syntax), at: offset)
        }
    }

    private mutating func step(_ left: Node, _ right: Node, at offset: Int) throws(JSONataError) -> Node {
        var path: Node.Path
        var traits = Node.Traits(offset: offset)
        if case .path(let known) = left.kind {
            path = known
            traits = left.traits
        } else {
            path = Node.Path(steps: [left])
            if case .parent = left.kind { traits.seeking = left.traits.seeking }
        }
        if case .path(let rest) = right.kind {
            path.steps += rest.steps
            // What stands behind the right side stands behind the whole path.
            if let group = right.traits.group { traits.group = group }
            if right.traits.keepsArray { path.keepsSingleton = true }
        } else {
            path.steps.append(
                right.with {
                    $0.stages = $0.predicates.map { .filter($0) } + $0.stages
                    $0.predicates = []
                })
        }
        for (position, step) in path.steps.enumerated() {
            guard case .constant(let value) = step.kind else { continue }
            guard case .string(let name) = value else {
                throw JSONataError(.s0213, value: value.serialized(), at: step.traits.offset)
            }
            path.steps[position] = Node(.name(name), step.traits)
        }
        if path.steps.contains(where: { $0.traits.keepsArray }) { path.keepsSingleton = true }
        for position in [0, path.steps.count - 1] {
            if case .array = path.steps[position].kind {
                path.steps[position] = path.steps[position].with { $0.isConstructor = true }
            }
        }
        try resolveParents(of: &path, seeking: &traits.seeking)
        return finished(path, traits)
    }

    /// Wraps a path up; plain paths are recognised here.
    private func finished(_ path: Node.Path, _ traits: Node.Traits) -> Node {
        var path = path
        path.isPlain = !path.makesTuples
        for (position, step) in path.steps.enumerated() {
            let traits = step.traits
            let isBare =
                traits.stages.isEmpty && traits.predicates.isEmpty && traits.group == nil && !traits.makesTuples
                && !traits.keepsArray
            switch step.kind {
            case .name where isBare: break
            case .variable where isBare && position == 0: break
            default: path.isPlain = false
            }
        }
        return Node(.path(path), traits)
    }

    private mutating func filter(_ left: Node, by predicate: Node, at offset: Int) throws(JSONataError) -> Node {
        var isStage = false
        if case .path = left.kind { isStage = true }
        var step = Self.lastStep(of: left)
        guard step.traits.group == nil else { throw JSONataError(.s0209, at: offset) }
        var carried: [ParentSlot] = []
        for var slot in predicate.traits.seeking {
            if slot.level == 1 {
                step = try seekParent(step, &slot)
            } else {
                slot.level -= 1
            }
            carried.append(slot)
        }
        let filtered = step.with {
            $0.seeking += carried
            if isStage { $0.stages.append(.filter(predicate)) } else { $0.predicates.append(predicate) }
        }
        return replacingLastStep(of: left, by: filtered)
    }

    private mutating func sort(_ left: Node, _ terms: [Syntax.SortTerm], at offset: Int) throws(JSONataError) -> Node {
        var path = Node.Path(steps: [left])
        var traits = Node.Traits(offset: offset)
        if case .path(let known) = left.kind {
            path = known
            traits = left.traits
        }
        var compiled: [Node.SortTerm] = []
        for term in terms {
            compiled.append(Node.SortTerm(expression: try node(term.expression), isDescending: term.isDescending))
        }
        path.steps.append(node(.sort(compiled), at: offset, over: compiled.map(\.expression)))
        try resolveParents(of: &path, seeking: &traits.seeking)
        return finished(path, traits)
    }

    private mutating func index(_ left: Node, _ symbol: Symbol) throws(JSONataError) -> Node {
        var base = left
        if case .path = left.kind {
        } else {
            let step = left.with {
                $0.stages = $0.predicates.map { .filter($0) }
                $0.predicates = []
            }
            base = Node(.path(Node.Path(steps: [step])), at: left.traits.offset)
        }
        let indexed = Self.lastStep(of: base).with {
            if $0.stages.isEmpty { $0.index = symbol } else { $0.stages.append(.index(symbol)) }
            $0.makesTuples = true
        }
        return replacingLastStep(of: base, by: indexed)
    }

    /// The last step of a path, or the expression itself when it is none.
    private static func lastStep(of node: Node) -> Node {
        if case .path(let path) = node.kind, let last = path.steps.last { return last }
        return node
    }

    private func replacingLastStep(of node: Node, by step: Node) -> Node {
        guard case .path(var path) = node.kind, !path.steps.isEmpty else { return step }
        path.steps[path.steps.count - 1] = step
        return finished(path, node.traits)
    }
}
