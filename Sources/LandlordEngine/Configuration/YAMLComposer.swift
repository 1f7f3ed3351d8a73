import StatesLanguage
import Yams

/// Turns the library's nodes into located values, with aliases resolved and counted.
struct YAMLComposer {
    /// What an anchor stands for, and what writing it out would cost.
    private struct Composed {
        let value: LocatedValue
        /// Bytes of text, and two for each list and mapping: never more than what was written.
        let size: Int
        let depth: Int
    }

    private let file: String
    private let aliasMark: Unicode.Scalar
    private var anchors: [String: Composed] = [:]
    private var expandedSize = 0

    init(file: String, aliasMark: Unicode.Scalar) {
        self.file = file
        self.aliasMark = aliasMark
    }

    /// The document of a root node.
    mutating func document(_ root: Node) throws(DocumentError) -> LocatedValue {
        try compose(root, level: 0).value
    }

    private mutating func compose(_ node: Node, level: Int) throws(DocumentError) -> Composed {
        if level > YAMLDocument.depthLimit { throw tooDeep(node) }
        let composed: Composed
        switch node {
        case .scalar(let scalar):
            if let name = aliasName(scalar) { return try resolved(name, of: node, level: level) }
            let value = LocatedValue(content: try content(of: scalar), line: line(of: node), column: column(of: node))
            composed = Composed(value: value, size: restored(scalar.string).utf8.count, depth: 0)
            try count(composed.size, at: node)
        case .sequence(let sequence):
            try refuseTag(sequence.tag, allowed: .seq, at: node)
            composed = try list(sequence, at: node, level: level)
        case .mapping(let mapping):
            try refuseTag(mapping.tag, allowed: .map, at: node)
            composed = try fields(mapping, at: node, level: level)
        case .alias:
            // The reader never makes one: only a tree built in memory has them.
            throw problem(.syntax, at: node, "holds an alias that cannot be resolved")
        }
        if let anchor = node.anchor { anchors[anchor.rawValue] = composed }
        return composed
    }

    private mutating func list(
        _ sequence: Node.Sequence, at node: Node, level: Int
    ) throws(DocumentError) -> Composed {
        var items: [LocatedValue] = []
        var size = 2
        var depth = 0
        try count(size, at: node)
        for item in sequence {
            let composed = try compose(item, level: level + 1)
            items.append(composed.value)
            size += composed.size
            depth = max(depth, composed.depth + 1)
        }
        let value = LocatedValue(content: .list(items), line: line(of: node), column: column(of: node))
        return Composed(value: value, size: size, depth: depth)
    }

    private mutating func fields(
        _ mapping: Node.Mapping, at node: Node, level: Int
    ) throws(DocumentError) -> Composed {
        var members: [LocatedValue.Member] = []
        var names: Set<[UInt8]> = []
        var size = 2
        var depth = 0
        try count(size, at: node)
        for (keyNode, valueNode) in mapping {
            let key = try name(keyNode)
            guard names.insert(Array(key.utf8)).inserted else {
                throw problem(.syntax, at: keyNode, "the field '\(key)' is written twice")
            }
            try count(key.utf8.count, at: keyNode)
            let composed = try compose(valueNode, level: level + 1)
            members.append(
                LocatedValue.Member(
                    key: key, line: line(of: keyNode), column: column(of: keyNode), value: composed.value))
            size += key.utf8.count + composed.size
            depth = max(depth, composed.depth + 1)
        }
        let value = LocatedValue(content: .mapping(members), line: line(of: node), column: column(of: node))
        return Composed(value: value, size: size, depth: depth)
    }

    /// The name of a field: a text, written out.
    private func name(_ node: Node) throws(DocumentError) -> String {
        guard case .scalar(let scalar) = node, aliasName(scalar) == nil else {
            throw problem(.syntax, at: node, "the name of a field must be a plain text")
        }
        guard scalar.tag.rawValue.isEmpty || scalar.tag.rawValue == Tag.Name.str.rawValue else {
            throw unknownTag(scalar.tag, at: node)
        }
        let key = restored(scalar.string)
        if key == "<<", scalar.style == .plain {
            throw problem(.syntax, at: node, "the merge key '<<' is not part of YAML 1.2; write the fields out")
        }
        return key
    }

    // MARK: Aliases

    /// The name after the `*` that stood at the start of a plain word; no plain word can start with one.
    private func aliasName(_ scalar: Node.Scalar) -> String? {
        guard scalar.style == .plain, scalar.string.unicodeScalars.first == aliasMark else { return nil }
        return restored(String(scalar.string.unicodeScalars.dropFirst()))
    }

    private mutating func resolved(_ name: String, of node: Node, level: Int) throws(DocumentError) -> Composed {
        guard let composed = anchors[name] else {
            throw problem(
                .syntax, at: node,
                "'*\(name)' names no anchor before it; an alias cannot stand inside what it names, "
                    + "and a text that begins with '*' needs quotes")
        }
        if level + composed.depth > YAMLDocument.depthLimit { throw tooDeep(node) }
        try count(composed.size, at: node)
        return composed
    }

    /// Adds to what the document would be with every alias written out.
    private mutating func count(_ size: Int, at node: Node) throws(DocumentError) {
        let (sum, overflow) = expandedSize.addingReportingOverflow(size)
        guard !overflow, sum <= YAMLDocument.sizeLimit else {
            throw problem(
                .tooLarge, at: node, "is larger than \(YAMLDocument.sizeLimit) bytes with its aliases expanded")
        }
        expandedSize = sum
    }

    private func restored(_ text: String) -> String {
        YAMLCharacters.replacing(aliasMark, by: "*", in: text)
    }

    // MARK: Scalars and tags

    private func content(of scalar: Node.Scalar) throws(DocumentError) -> LocatedValue.Content {
        let node = Node.scalar(scalar)
        let text = restored(scalar.string)
        let tag = scalar.tag.rawValue
        switch tag {
        case "" where scalar.style != .plain, "!", Tag.Name.str.rawValue:
            return .text(text)
        case "", Tag.Name.null.rawValue, Tag.Name.bool.rawValue, Tag.Name.int.rawValue, Tag.Name.float.rawValue:
            switch YAMLScalar.resolve(text) {
            case .value(let content) where tag.isEmpty || YAMLScalar.tag(of: content, fits: tag): return content
            case .value: throw problem(.syntax, at: node, "is not what its tag '\(tag)' says")
            case .refused(let reason): throw problem(.syntax, at: node, reason)
            }
        default:
            throw unknownTag(scalar.tag, at: node)
        }
    }

    private func refuseTag(_ tag: Tag, allowed: Tag.Name, at node: Node) throws(DocumentError) {
        guard tag.rawValue.isEmpty || tag.rawValue == "!" || tag.rawValue == allowed.rawValue else {
            throw unknownTag(tag, at: node)
        }
    }

    private func unknownTag(_ tag: Tag, at node: Node) -> DocumentError {
        problem(.syntax, at: node, "the tag '\(restored(tag.rawValue))' is not allowed here")
    }

    // MARK: Problems

    private func tooDeep(_ node: Node) -> DocumentError {
        problem(.tooLarge, at: node, "is nested more than \(YAMLDocument.depthLimit) levels deep")
    }

    private func problem(_ code: DocumentProblem.Code, at node: Node, _ message: String) -> DocumentError {
        DocumentError(code, file: file, line: line(of: node), message)
    }

    private func line(of node: Node) -> Int { node.mark?.line ?? 1 }

    private func column(of node: Node) -> Int { node.mark?.column ?? 1 }

    /// The library's errors in our words.
    func translated(_ error: any Error) -> DocumentError {
        guard let error = error as? YamlError else { return DocumentError(.syntax, file: file, "\(error)") }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            let code: DocumentProblem.Code = problem.contains("nesting") ? .tooLarge : .syntax
            let start = context.map { " \($0.text) that starts on line \($0.mark.line)" } ?? ""
            return DocumentError(code, file: file, line: mark.line, "is not YAML: \(restored(problem))\(start)")
        case .composer(_, let problem, let mark, _):
            let isSecond = problem.contains("another document")
            let message = isSecond ? "holds a second document; write one document to a file" : "is not YAML: \(problem)"
            return DocumentError(.syntax, file: file, line: mark.line, message)
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "'\(restored($0))'" }.joined(separator: ", ")
            let message = "the field \(names) is written twice in one mapping"
            return DocumentError(.syntax, file: file, line: max(1, context.mark.line), message)
        case .reader(let problem, _, _, _):
            return DocumentError(.syntax, file: file, "is not YAML: \(problem)")
        case .memory:
            return DocumentError(.tooLarge, file: file, "does not fit into memory")
        case .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            return DocumentError(.syntax, file: file, "is not YAML")
        }
    }
}
