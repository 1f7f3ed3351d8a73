// A path is applied step by step: the nodes that one step leads to are gathered in order before the next step is
// taken. That gives the order of a depth-first walk without recursion over the path. Below `..` the document is walked
// with a stack of our own, so that no depth of nesting can exhaust the thread's. Everything looked at is counted; the
// count depends on path and document alone, so a replay agrees.

extension JSONPath {
    /// The node at the end of the leading steps that each lead to a single one.
    func node(in document: JSONValue) throws(PathMissing) -> JSONValue {
        var node = document
        for position in 0..<definiteCount {
            guard let next = steps[position].follow(from: node) else {
                throw PathMissing(message: missing(at: position, of: node))
            }
            node = next
        }
        return node
    }

    /// Says what is missing in the words of the library that AWS uses.
    private func missing(at position: Int, of node: JSONValue) -> String {
        let before = "$" + steps[..<position].map(\.fragment).joined()
        switch (steps[position], node) {
        case (.member, .object) where position == steps.count - 1:
            return "No results for path: " + before + steps[position].fragment
        case (.member, .object): return "Missing property in path " + before + steps[position].fragment
        case (.member, _): return "Property \(steps[position].fragment) not found in path \(before)"
        case (_, .array): return "No results for path: $" + steps.map(\.fragment).joined()
        case (_, .null): return "The path \(before) is null"
        default: return notArray(position, node)
        }
    }

    fileprivate func notArray(_ position: Int, _ node: JSONValue) -> String {
        "Filter: \(steps[position].fragment) can only be applied to arrays. Current context is: \(node.serialized())"
    }
}

extension JSONPath.Step {
    /// The one node a definite step leads to.
    @inline(__always)
    fileprivate func follow(from node: JSONValue) -> JSONValue? {
        switch (self, node) {
        case (.member(let name), .object(let object)): object[name]
        case (.index(let index), .array(let elements)): node[index < 0 ? elements.count + index : index]
        default: nil
        }
    }
}

/// One application of a path, with what it has looked at so far.
struct PathWalk {
    /// What `$` stands for inside filters.
    let document: JSONValue
    private var visitCount = 0

    init(document: JSONValue) { self.document = document }

    /// The value of a path from a node.
    mutating func value(of path: JSONPath, from start: JSONValue) throws(PathMissing) -> JSONValue {
        try visit(path.definiteCount)
        let node = try path.node(in: start)
        if path.isDefinite { return node }
        let first = path.definiteCount
        try check(path, first, node)
        if case .members(let names) = path.steps[first], first == path.steps.count - 1 {
            return .object(Self.picked(names, from: node))
        }
        var nodes = [node]
        for position in first..<path.steps.count {
            let step = path.steps[position]
            if Self.picksMembers(step), position < path.steps.count - 1 {
                let place = "$" + path.steps[...position].map(\.fragment).joined()
                throw PathMissing(
                    message: "Multi properties can only be used as path leafs: \(place)", reason: .unusable)
            }
            var selected: [JSONValue] = []
            for node in nodes {
                try visit(1)
                try append(step, from: node, to: &selected)
            }
            nodes = selected
        }
        return .array(nodes)
    }

    /// Refuses a first indefinite step that cannot be applied to the node that the path leads to.
    private func check(_ path: JSONPath, _ position: Int, _ node: JSONValue) throws(PathMissing) {
        switch (path.steps[position], node) {
        case (.slice, .array), (.indexes, .array), (.filter, .array), (.filter, .object), (.members, .object): return
        case (.slice, .null), (.indexes, .null):
            throw PathMissing(message: "The path $\(path.steps[..<position].map(\.fragment).joined()) is null")
        case (.slice, _), (.indexes, _): throw PathMissing(message: path.notArray(position, node))
        case (.filter, _):
            throw PathMissing(
                message: "Filter: [?] can not be applied to primitives. Current context is: \(node.serialized())")
        case (.members, _):
            let place = "$" + path.steps[..<position].map(\.fragment).joined()
            throw PathMissing(message: "Property \(path.steps[position].fragment) not found in path \(place)")
        case (.wildcard, _), (.descend, _), (.member, _), (.index, _): return
        }
    }

    private static func picksMembers(_ step: JSONPath.Step) -> Bool {
        switch step {
        case .members, .descend(.members): true
        default: false
        }
    }

    private static func picked(_ names: [String], from node: JSONValue) -> JSONObject {
        var picked = JSONObject()
        for name in names { if let value = node[name] { picked[name] = value } }
        return picked
    }

    /// Appends the nodes a step leads to; those it does not find are left out.
    private mutating func append(
        _ step: JSONPath.Step, from node: JSONValue, to selected: inout [JSONValue]
    ) throws(PathMissing) {
        switch (step, node) {
        case (.member, _), (.index, _):
            if let next = step.follow(from: node) { selected.append(next) }
        case (.members(let names), .object): selected.append(.object(Self.picked(names, from: node)))
        case (.indexes(let indexes), .array):
            for index in indexes {
                if let next = JSONPath.Step.index(index).follow(from: node) { selected.append(next) }
            }
        case (.slice(let from, let to), .array(let elements)):
            let range = Self.range(from, to, of: elements.count)
            try visit(range.count)
            selected.append(contentsOf: elements[range])
        case (.wildcard, .array(let elements)):
            try visit(elements.count)
            selected.append(contentsOf: elements)
        case (.wildcard, .object(let object)):
            try visit(object.count)
            for position in 0..<object.count { selected.append(object.member(at: position).value) }
        case (.filter(let filter), .array(let elements)):
            for element in elements where try filter.holds(for: element, in: &self) { selected.append(element) }
        case (.filter(let filter), .object): if try filter.holds(for: node, in: &self) { selected.append(node) }
        case (.descend(let inner), _): try descend(inner, from: node, to: &selected)
        default: break
        }
        guard selected.count <= JSONPath.nodeLimit else {
            throw PathMissing(
                message: "The path selects more than \(JSONPath.nodeLimit) nodes, which is the most allowed.",
                reason: .unusable)
        }
    }

    private static func range(_ from: Int?, _ to: Int?, of count: Int) -> Range<Int> {
        let bound = { (index: Int) in min(max(index < 0 ? count + index : index, 0), count) }
        let (start, end) = (bound(from ?? 0), bound(to ?? count))
        return start..<max(start, end)
    }

    /// Applies a step to a node and, in the order of the text, to all that is below it.
    private mutating func descend(
        _ step: JSONPath.Step, from start: JSONValue, to selected: inout [JSONValue]
    ) throws(PathMissing) {
        var open = [start]
        while let node = open.popLast() {
            try visit(1)
            switch (step, node) {
            case (.filter(let filter), _):
                // Below `..` a filter looks at each object itself; those in arrays are reached as the walk goes on.
                if case .object = node, try filter.holds(for: node, in: &self) { selected.append(node) }
            case (.members(let names), .object(let object)):
                if names.allSatisfy({ object[$0] != nil }) { try append(step, from: node, to: &selected) }
            default: try append(step, from: node, to: &selected)
            }
            switch node {
            case .array(let elements): open.append(contentsOf: elements.reversed())
            case .object(let object):
                for position in (0..<object.count).reversed() { open.append(object.member(at: position).value) }
            case .null, .bool, .number, .string: break
            }
        }
    }

    /// Tells whether an expression finds something in a text; its steps count as nodes that are looked at.
    mutating func isMatch(of expression: RegularExpression, in text: String) throws(PathMissing) -> Bool {
        try visit(text.utf8.count)
        var budget = JSONPath.visitLimit - visitCount
        do {
            let match = try expression.firstMatch(in: RegularExpression.Text(text), from: 0, budget: &budget)
            visitCount = JSONPath.visitLimit - budget
            return match != nil
        } catch {
            throw PathMissing(message: "A filter by regular expression takes too many steps.", reason: .unusable)
        }
    }

    /// Counts nodes that are looked at.
    mutating func visit(_ count: Int) throws(PathMissing) {
        visitCount += count
        guard visitCount <= JSONPath.visitLimit else {
            throw PathMissing(
                message: "The path looks at more than \(JSONPath.visitLimit) nodes, which is the most allowed.",
                reason: .unusable)
        }
    }
}
