public import StatesLanguage

/// A value of a document together with the place where it was written.
///
/// Values that an alias stands for are shared, not copied, and keep the place where they were written first.
public struct LocatedValue: Sendable {
    /// What was written.
    public enum Content: Sendable {
        /// Nothing.
        case null
        /// True or false.
        case bool(Bool)
        /// A number, exact.
        case number(JSONNumber)
        /// A text.
        case text(String)
        /// A list.
        case list([LocatedValue])
        /// Fields in the order of the document.
        case mapping([Member])
    }

    /// One field of a mapping.
    public struct Member: Sendable {
        /// The field's name.
        public let key: String
        /// The line of the name.
        public let line: Int
        /// The column of the name, counted in characters from one.
        public let column: Int
        /// What it holds.
        public let value: LocatedValue
    }

    /// What was written.
    public let content: Content
    /// The line where it starts, counted from one.
    public let line: Int
    /// The column where it starts, counted in characters from one.
    public let column: Int

    /// The field of that name, where this is a mapping that has it.
    public subscript(key: String) -> LocatedValue? {
        guard case .mapping(let members) = content else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The same value without places.
    public var json: JSONValue {
        switch content {
        case .null: .null
        case .bool(let value): .bool(value)
        case .number(let value): .number(value)
        case .text(let value): .string(value)
        case .list(let items): .array(items.map(\.json))
        case .mapping(let members): .object(JSONObject(members.map { ($0.key, $0.value.json) }))
        }
    }

    /// The text of a scalar, where a number and a truth value count as what a person wrote; nil for the rest.
    public var scalarText: String? {
        switch content {
        case .text(let text): text
        case .number, .bool: json.serialized()
        case .null, .list, .mapping: nil
        }
    }

    /// What kind of value it is, as it is told to a person.
    var kind: String {
        switch content {
        case .null: "nothing"
        case .bool: "true or false"
        case .number: "a number"
        case .text: "text"
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension LocatedValue {
    /// The line of a field, or of the nearest thing around it that was written.
    ///
    /// The field is in the words of the document: `compute.containers[0].ports[1].container_port`. A name may
    /// itself hold dots (`labels.app.example/tier`), so that at each level the longest name that fits is taken.
    public func line(of field: String) -> Int {
        var found = line
        var value = self
        var rest = field[...]
        while !rest.isEmpty {
            if rest.first == "." { rest = rest.dropFirst() }
            guard let step = value.step(along: rest) else { return found }
            found = step.line
            value = step.value
            rest = step.rest
        }
        return found
    }

    /// The place of a JSON pointer, or of the nearest thing around it that was written; of a field it is its name's.
    public func place(ofPointer pointer: String) -> (line: Int, column: Int) {
        var found = (line: line, column: column)
        var value = self
        for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
            switch value.content {
            case .mapping(let members):
                guard let member = members.first(where: { $0.key == name }) else { return found }
                found = (member.line, member.column)
                value = member.value
            case .list(let items):
                guard let index = Int(name), items.indices.contains(index) else { return found }
                value = items[index]
                found = (value.line, value.column)
            case .null, .bool, .number, .text: return found
            }
        }
        return found
    }

    private func step(along path: Substring) -> (line: Int, value: LocatedValue, rest: Substring)? {
        switch content {
        case .list(let items):
            guard path.first == "[", let end = path.firstIndex(of: "]") else { return nil }
            guard let index = Int(path[path.index(after: path.startIndex)..<end]), items.indices.contains(index) else {
                return nil
            }
            return (items[index].line, items[index], path[path.index(after: end)...])
        case .mapping(let members):
            let fitting = members.filter { member in
                guard path.hasPrefix(member.key), !member.key.isEmpty else { return false }
                let after = path.dropFirst(member.key.count).first
                return after == nil || after == "." || after == "["
            }
            guard let longest = fitting.max(by: { $0.key.count < $1.key.count }) else { return nil }
            return (longest.line, longest.value, path.dropFirst(longest.key.count))
        case .null, .bool, .number, .text:
            return nil
        }
    }
}
