/// One value of a row or of a statement's arguments: the five storage classes that every driver knows.
///
/// Timestamps are integers (milliseconds since the epoch), Booleans are 0 and 1, JSON is text.
public enum SQLValue: Sendable, Hashable {
    /// No value.
    case null
    /// A signed 64-bit integer.
    case integer(Int64)
    /// A double.
    case real(Double)
    /// A Unicode text.
    case text(String)
    /// Bytes.
    case blob([UInt8])

    /// The integer `value`.
    public static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }

    /// The Boolean `value` as 0 or 1.
    public static func flag(_ value: Bool) -> SQLValue { .integer(value ? Int64(1) : Int64(0)) }

    /// The text `value`, or null where there is none.
    public static func optional(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }

    /// The integer `value`, or null where there is none.
    public static func optional(_ value: Int?) -> SQLValue { value.map { .integer(Int64($0)) } ?? .null }

    /// The integer `value`, or null where there is none.
    public static func optional(_ value: Int64?) -> SQLValue { value.map { .integer($0) } ?? .null }
}

extension SQLValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByNilLiteral {
    /// A text.
    public init(stringLiteral value: String) { self = .text(value) }

    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }

    /// Null.
    public init(nilLiteral: ()) { self = .null }
}
