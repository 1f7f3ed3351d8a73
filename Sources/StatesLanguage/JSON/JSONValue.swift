import Glibc

/// One JSON value, with numbers kept exact and object keys kept in order.
///
/// Equality is by content: objects compare without regard to the order of their keys, strings and keys compare byte for
/// byte on UTF-8 (no Unicode normalisation), numbers compare by value.
public enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// Parses one JSON text; anything after the value but white space is an error.
    public init(parsing text: String) throws(JSONParseError) {
        var text = text
        // `withUTF8` does not pass on the type of an error, so the outcome travels as a value.
        let outcome = text.withUTF8 { bytes in
            Result { () throws(JSONParseError) -> JSONValue in try JSONParser.parse(bytes) }
        }
        self = try outcome.get()
    }

    /// Parses one JSON text from its UTF-8 bytes.
    public init(parsing bytes: [UInt8]) throws(JSONParseError) {
        self = try bytes.withUnsafeBufferPointer { (bytes) throws(JSONParseError) -> JSONValue in
            try JSONParser.parse(bytes)
        }
    }

    /// Parses one JSON text from UTF-8 bytes that somebody else owns, such as a column of a database row.
    public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONParseError) {
        self = try JSONParser.parse(bytes)
    }
}

extension JSONValue: Hashable {
    /// Tells whether two values hold the same content.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        case (.null, _), (.bool, _), (.number, _), (.string, _), (.array, _), (.object, _): false
        }
    }

    /// Feeds the content to a hasher, in agreement with equality.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .array(let value): hasher.combine(value)
        case .object(let value): hasher.combine(value)
        }
    }
}

extension JSONValue {
    /// Whether this is JSON's `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The text, when this is a string.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The number as an `Int`, when this is a number without a fraction that fits.
    public var intValue: Int? {
        if case .number(let value) = self { value.intValue } else { nil }
    }

    /// The number as the nearest double, when this is a number.
    public var doubleValue: Double? {
        if case .number(let value) = self { value.doubleValue } else { nil }
    }

    /// The number, when this is one.
    public var numberValue: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The truth value, when this is one.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The elements, when this is an array.
    public var arrayValue: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, when this is an object.
    public var objectValue: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of that name, when this is an object that has it.
    ///
    /// Setting a member of something that is not an object makes it an object of that one member.
    public subscript(key: String) -> JSONValue? {
        get {
            if case .object(let object) = self { object[key] } else { nil }
        }
        set {
            var object = JSONObject()
            if case .object(let present) = self { object = present }
            self = .null  // The object is now uniquely ours, so that setting a member does not copy it.
            object[key] = newValue
            self = .object(object)
        }
    }

    /// The element at that place, when this is an array that long.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

extension JSONValue {
    /// The compact text, members in their own order.
    public func serialized() -> String {
        var writer = JSONWriter()
        writer.write(self)
        return writer.text
    }

    /// The compact text as UTF-8 bytes, members in their own order.
    public func serializedBytes() -> [UInt8] {
        var writer = JSONWriter()
        writer.write(self)
        return writer.bytes
    }

    /// The canonical text of RFC 8785, in which equal values have equal bytes.
    ///
    /// It differs from the RFC in one point: integers beyond 2^53 are written exactly instead of as the nearest double.
    public func canonical() -> String {
        var writer = JSONWriter(isCanonical: true)
        writer.write(self)
        return writer.text
    }

    /// The canonical text of RFC 8785 as UTF-8 bytes.
    public func canonicalBytes() -> [UInt8] {
        var writer = JSONWriter(isCanonical: true)
        writer.write(self)
        return writer.bytes
    }

    /// The text laid out for people, two spaces a level.
    public func pretty() -> String {
        var writer = JSONWriter()
        writer.writePretty(self, level: 0)
        return writer.text
    }
}

extension JSONValue: CustomStringConvertible {
    /// The compact text.
    public var description: String { serialized() }
}

extension String {
    /// Tells whether two strings are the same bytes; `==` would also equate different spellings of one character.
    @inline(__always)
    func hasSameBytes(as other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // Swift's own equality is quick to say no, and equal bytes are always equal to it. Only when it says yes may
        // the bytes still differ.
        guard self == other else { return false }
        let answer = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right -> Bool in
                guard let leftStart = left.baseAddress, let rightStart = right.baseAddress else { return left.isEmpty }
                return memcmp(leftStart, rightStart, left.count) == 0
            }
        }
        return (answer ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}
