/// A name for one thing of a kind, so that a tenant's identifier cannot stand where an execution's is meant.
public struct Identifier<Subject>: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The text that the database, the command line and the screens show.
    public let rawValue: String

    /// Wraps a text that is known to name a `Subject`.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The identifier as it is shown.
    public var description: String { rawValue }

    /// Orders identifiers as their texts are ordered, so that lists are stable.
    public static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}
