// `%` stands for the value to which the step before was applied. Each `%` begins a search with level 1; every step
// that goes
// down into the data takes one level away, every further `%` adds one, and the step where it comes to 0 has to
// remember its
// input under the search's symbol.

extension Compiler {
    /// Follows the searches that the last step of a path begins back through the steps before it.
    mutating func resolveParents(of path: inout Node.Path, seeking: inout [ParentSlot]) throws(JSONataError) {
        guard let last = path.steps.last else { return }
        for var slot in last.traits.seeking {
            var index = path.steps.count - 2
            while slot.level > 0 {
                guard index >= 0 else {
                    seeking.append(slot)
                    break
                }
                // Of several steps that only bind variables to the same input, the first is meant.
                while index > 0, path.steps[index].traits.focus != nil, path.steps[index - 1].traits.focus != nil {
                    index -= 1
                }
                path.steps[index] = try seekParent(path.steps[index], &slot)
                index -= 1
            }
        }
    }

    /// Lets one step take part in a search; answers the step as it is then.
    mutating func seekParent(_ node: Node, _ slot: inout ParentSlot) throws(JSONataError) -> Node {
        switch node.kind {
        case .name, .wildcard:
            slot.level -= 1
            guard slot.level == 0 else { return node }
            let symbol = node.traits.ancestor ?? slotSymbols[slot.index]
            slotSymbols[slot.index] = symbol
            return node.with {
                $0.ancestor = symbol
                $0.makesTuples = true
            }
        case .parent:
            slot.level += 1
            return node
        case .block(var parts):
            guard let last = parts.last else { return node }
            parts[parts.count - 1] = try seekParent(last, &slot)
            return Node(.block(parts), node.traits).with { $0.makesTuples = true }
        case .path(var path):
            path.makesTuples = true
            path.isPlain = false
            var index = path.steps.count - 1
            repeat {
                path.steps[index] = try seekParent(path.steps[index], &slot)
                index -= 1
            } while slot.level > 0 && index >= 0
            return Node(.path(path), node.traits).with { $0.makesTuples = true }
        default: throw JSONataError(.s0217, token: "parent", at: node.traits.offset)
        }
    }
}

/// Replaces the number of each `%` by the symbol that its search found in the end.
struct SlotResolver {
    let symbols: [Symbol]

    func resolved(_ node: Node) -> Node {
        symbols.isEmpty ? node : changed(node)
    }

    private func changed(_ node: Node) -> Node {
        var traits = node.traits
        traits.predicates = traits.predicates.map(changed)
        traits.stages = traits.stages.map { stage in
            if case .filter(let filter) = stage { .filter(changed(filter)) } else { stage }
        }
        traits.group = traits.group.map(changed)
        return Node(changed(node.kind), traits)
    }

    private func changed(_ group: Node.Group) -> Node.Group {
        let pairs = group.pairs.map { Node.Pair(key: changed($0.key), value: changed($0.value)) }
        return Node.Group(pairs: pairs, offset: group.offset)
    }

    private func changed(_ kind: Node.Kind) -> Node.Kind {
        switch kind {
        case .constant, .regex, .name, .wildcard, .descendants, .context, .variable: return kind
        case .parent(let index): return .parent(symbols[Int(index)])
        case .negation(let part): return .negation(changed(part))
        case .arithmetic(let operation, let left, let right):
            return .arithmetic(operation, changed(left), changed(right))
        case .equality(let operation, let left, let right): return .equality(operation, changed(left), changed(right))
        case .comparison(let operation, let left, let right):
            return .comparison(operation, changed(left), changed(right))
        case .concatenation(let left, let right): return .concatenation(changed(left), changed(right))
        case .inclusion(let left, let right): return .inclusion(changed(left), changed(right))
        case .and(let left, let right): return .and(changed(left), changed(right))
        case .or(let left, let right): return .or(changed(left), changed(right))
        case .array(let items): return .array(items.map(changed))
        case .range(let first, let last): return .range(changed(first), changed(last))
        case .object(let group): return .object(changed(group))
        case .path(var path):
            path.steps = path.steps.map(changed)
            return .path(path)
        case .sort(let terms):
            return .sort(
                terms.map { Node.SortTerm(expression: changed($0.expression), isDescending: $0.isDescending) })
        case .binding(let symbol, let value): return .binding(symbol, changed(value))
        case .apply(let left, let right): return .apply(changed(left), changed(right))
        case .block(let parts): return .block(parts.map(changed))
        case .condition(let condition, let then, let otherwise):
            return .condition(changed(condition), then: changed(then), otherwise: otherwise.map(changed))
        case .coalesce(let left, let right): return .coalesce(changed(left), changed(right))
        case .call, .lambda, .transform: return changedFunction(kind)
        }
    }

    private func changedFunction(_ kind: Node.Kind) -> Node.Kind {
        switch kind {
        case .call(let call):
            return .call(
                Node.Call(
                    procedure: changed(call.procedure), arguments: call.arguments.map { $0.map(changed) },
                    isTail: call.isTail, name: call.name, pathName: call.pathName))
        case .lambda(let lambda):
            return .lambda(
                Node.Lambda(
                    parameters: lambda.parameters, signature: lambda.signature, body: changed(lambda.body)))
        case .transform(let transform):
            return .transform(
                Node.Transform(
                    pattern: changed(transform.pattern), update: changed(transform.update),
                    delete: transform.delete.map(changed), cloneSymbol: transform.cloneSymbol))
        default: return kind
        }
    }
}
