/// One row of a result, with its columns by name.
///
/// A column that is missing or holds another storage class is an error that names the column, never a crash:
/// databases are edited behind our backs.
public struct SQLRow: Sendable, Hashable {
    /// The names of the columns, shared by all rows of a result.
    public let columns: [String]
    /// The values, in the order of `columns`.
    public let values: [SQLValue]

    /// A row of `values` named by `columns`, which must be as many.
    public init(columns: [String], values: [SQLValue]) {
        precondition(columns.count == values.count, "A row needs one name for each value.")
        self.columns = columns
        self.values = values
    }

    /// The value of the column `name`.
    public func value(_ name: String) throws(RepositoryError) -> SQLValue {
        guard let index = columns.firstIndex(of: name) else {
            throw .unusable("the result has no column '\(name)'")
        }
        return values[index]
    }

    /// The text in the column `name`.
    public func text(_ name: String) throws(RepositoryError) -> String {
        guard case .text(let text) = try value(name) else { throw try unreadable(name, "a text") }
        return text
    }

    /// The text in the column `name`, or nil where it is null.
    public func optionalText(_ name: String) throws(RepositoryError) -> String? {
        switch try value(name) {
        case .null: nil
        case .text(let text): text
        case .integer, .real, .blob: throw try unreadable(name, "a text or null")
        }
    }

    /// The integer in the column `name`.
    public func integer(_ name: String) throws(RepositoryError) -> Int64 {
        guard case .integer(let integer) = try value(name) else { throw try unreadable(name, "an integer") }
        return integer
    }

    /// The integer in the column `name`, or nil where it is null.
    public func optionalInteger(_ name: String) throws(RepositoryError) -> Int64? {
        switch try value(name) {
        case .null: nil
        case .integer(let integer): integer
        case .real, .text, .blob: throw try unreadable(name, "an integer or null")
        }
    }

    /// The integer in the column `name` as an `Int`.
    public func count(_ name: String) throws(RepositoryError) -> Int { Int(try integer(name)) }

    /// The integer in the column `name` as an `Int`, or nil where it is null.
    public func optionalCount(_ name: String) throws(RepositoryError) -> Int? {
        try optionalInteger(name).map(Int.init)
    }

    /// Whether the column `name` holds 1; 0 is false, anything else an error.
    public func flag(_ name: String) throws(RepositoryError) -> Bool {
        switch try value(name) {
        case .integer(0): false
        case .integer(1): true
        case .null, .integer, .real, .text, .blob: throw try unreadable(name, "0 or 1")
        }
    }

    /// The number in the column `name`.
    public func real(_ name: String) throws(RepositoryError) -> Double {
        switch try value(name) {
        case .real(let real): real
        case .integer(let integer): Double(integer)
        case .null, .text, .blob: throw try unreadable(name, "a number")
        }
    }

    /// The bytes in the column `name`.
    public func blob(_ name: String) throws(RepositoryError) -> [UInt8] {
        guard case .blob(let bytes) = try value(name) else { throw try unreadable(name, "bytes") }
        return bytes
    }

    /// The error for a column that holds something else than `wanted`.
    public func unreadable(_ name: String, _ wanted: String) throws(RepositoryError) -> RepositoryError {
        .unusable("column '\(name)' holds \(Self.show(try value(name))) where \(wanted) belongs")
    }

    private static func show(_ value: SQLValue) -> String {
        switch value {
        case .null: "null"
        case .integer(let integer): "\(integer)"
        case .real(let real): "\(real)"
        case .text(let text): "'\(text.prefix(60))'"
        case .blob(let bytes): "\(bytes.count) bytes"
        }
    }
}
