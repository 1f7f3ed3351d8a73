/// The conditions of a list, put together from literal fragments, with their arguments in the same order.
///
/// Only fragments that stand in this project's source become SQL; what a person typed is only ever an argument.
struct SQLFilter {
    private var conditions: [String] = []
    private(set) var arguments: [SQLValue] = []

    /// Adds a condition with its arguments.
    mutating func add(_ condition: StaticString, _ arguments: SQLValue...) {
        conditions.append(condition.description)
        self.arguments += arguments
    }

    /// Adds that `column` holds one of `values`, which are at most a handful.
    mutating func add(_ column: StaticString, isOneOf values: [String]) {
        let marks = repeatElement("?", count: values.count).joined(separator: ", ")
        conditions.append("\(column) IN (\(marks))")
        arguments += values.sorted().map { .text($0) }
    }

    /// Adds that each of `words` is contained in one of `columns`, whatever its case.
    mutating func add(words: [String], in columns: [StaticString]) {
        for word in words {
            let text = columns.map(\.description).joined(separator: " || ' ' || ")
            conditions.append("lower(\(text)) LIKE ? ESCAPE '!'")
            arguments.append(.text(Self.pattern(word)))
        }
    }

    /// Adds that each of `words` is contained in one of `columns`, which hold lowercase only, or nothing.
    mutating func add(words: [String], inLowercase columns: [StaticString]) {
        for word in words {
            conditions.append("(" + columns.map { "\($0) LIKE ? ESCAPE '!'" }.joined(separator: " OR ") + ")")
            arguments += columns.map { _ in .text(Self.pattern(word)) }
        }
    }

    /// Adds that the row lies behind `cursor` in the order of `key` and `id`.
    mutating func add(behind cursor: SQLCursor?, key: StaticString, id: StaticString, isDescending: Bool) {
        guard let cursor else { return }
        conditions.append("(\(key), \(id)) \(isDescending ? "<" : ">") (?, ?)")
        arguments += [cursor.key, .text(cursor.id)]
    }

    /// The `WHERE` clause, or nothing.
    var clause: String { conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ") }

    private static func pattern(_ word: String) -> String {
        var pattern = "%"
        for scalar in lowercased(word).unicodeScalars {
            if scalar == "%" || scalar == "_" || scalar == "!" { pattern.append("!") }
            pattern.unicodeScalars.append(scalar)
        }
        return pattern + "%"
    }

    /// A text as SQLite's `lower()` makes it, which knows ASCII only.
    static func lowercased(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isCapital = (0x41...0x5A).contains(scalar.value)
            result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar)
        }
        return String(result)
    }
}

/// The place behind which a page begins, as the database compares it.
struct SQLCursor {
    let key: SQLValue
    let id: String
}
