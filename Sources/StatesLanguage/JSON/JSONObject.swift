/// The members of a JSON object: ordered, unique, found by the bytes of their key.
///
/// Small objects are searched from front to back, which beats hashing; from ``indexThreshold`` members on an index is
/// kept beside them.
public struct JSONObject: Sendable {
    /// One member.
    public typealias Element = (key: String, value: JSONValue)

    /// The number of members from which on the object keeps an index.
    static let indexThreshold = 12

    private var entries: [Entry]
    private var index: [ByteKey: Int]?

    private struct Entry: Sendable {
        let key: String
        var value: JSONValue
    }

    /// Makes an object without members.
    public init() {
        entries = []
        index = nil
    }

    /// Makes an object of members in order; of two members of one name the later value stays, at the earlier's place.
    public init(_ members: some Sequence<(String, JSONValue)>) {
        self.init()
        entries.reserveCapacity(members.underestimatedCount)
        for (key, value) in members { set(key, value) }
    }

    /// The number of members.
    public var count: Int { entries.count }

    /// Whether there are no members.
    public var isEmpty: Bool { entries.isEmpty }

    /// The names in order.
    public var keys: [String] { entries.map(\.key) }

    /// The values in the order of their names.
    public var values: [JSONValue] { entries.map(\.value) }

    /// The value of that name; setting nil removes it, setting a new name puts it last.
    public subscript(key: String) -> JSONValue? {
        get {
            position(of: key).map { entries[$0].value }
        }
        set {
            if let newValue {
                set(key, newValue)
            } else if let position = position(of: key) {
                remove(at: position)
            }
        }
    }

    /// The value of that name, or another when there is none; lets a nested value be changed in place.
    public subscript(key: String, default fallback: @autoclosure () -> JSONValue) -> JSONValue {
        get { self[key] ?? fallback() }
        _modify {
            if let position = position(of: key) {
                yield &entries[position].value
            } else {
                append(key, fallback())
                yield &entries[entries.count - 1].value
            }
        }
    }

    /// Makes room for members to come.
    mutating func reserveCapacity(_ count: Int) { entries.reserveCapacity(count) }

    /// Appends a member that may not be there yet; answers false, and changes nothing, when it is.
    mutating func appendIfNew(_ key: String, _ value: JSONValue) -> Bool {
        guard position(of: key) == nil else { return false }
        append(key, value)
        return true
    }

    /// The member at a position, in order.
    func member(at position: Int) -> Element {
        let entry = entries[position]
        return (entry.key, entry.value)
    }

    private func position(of key: String) -> Int? {
        if let index { return index[ByteKey(text: key)] }
        return entries.firstIndex { $0.key.hasSameBytes(as: key) }
    }

    private mutating func set(_ key: String, _ value: JSONValue) {
        if let position = position(of: key) { entries[position].value = value } else { append(key, value) }
    }

    private mutating func append(_ key: String, _ value: JSONValue) {
        entries.append(Entry(key: key, value: value))
        if index != nil {
            index?[ByteKey(text: key)] = entries.count - 1
        } else if entries.count >= Self.indexThreshold {
            rebuildIndex()
        }
    }

    private mutating func remove(at position: Int) {
        entries.remove(at: position)
        index = nil
        if entries.count >= Self.indexThreshold { rebuildIndex() }
    }

    private mutating func rebuildIndex() {
        var fresh: [ByteKey: Int] = [:]
        fresh.reserveCapacity(entries.count * 2)
        for (position, entry) in entries.enumerated() { fresh[ByteKey(text: entry.key)] = position }
        index = fresh
    }
}

extension JSONObject: Sequence {
    /// Walks the members in order.
    public func makeIterator() -> MemberIterator { MemberIterator(object: self) }

    /// The iterator over an object's members.
    public struct MemberIterator: IteratorProtocol {
        private let object: JSONObject
        private var position = 0

        init(object: JSONObject) { self.object = object }

        /// The next member, or nil after the last.
        public mutating func next() -> (key: String, value: JSONValue)? {
            guard position < object.count else { return nil }
            defer { position += 1 }
            return object.member(at: position)
        }
    }

    /// The number of members, which is exact.
    public var underestimatedCount: Int { count }
}

extension JSONObject: Hashable {
    /// Tells whether two objects have the same members, in whatever order.
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        guard left.count == right.count else { return false }
        for (position, entry) in left.entries.enumerated() {
            // Objects that come from one source keep one order, so the same place is tried first.
            let other = right.entries[position]
            if other.key.hasSameBytes(as: entry.key) {
                guard other.value == entry.value else { return false }
            } else {
                guard right[entry.key] == .some(entry.value) else { return false }
            }
        }
        return true
    }

    /// Feeds the members to a hasher in a way that does not depend on their order.
    public func hash(into hasher: inout Hasher) {
        var sum = 0
        for entry in entries {
            var member = Hasher()
            member.combine(entry.key)
            member.combine(entry.value)
            sum &+= member.finalize()
        }
        hasher.combine(count)
        hasher.combine(sum)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object of members in order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}
