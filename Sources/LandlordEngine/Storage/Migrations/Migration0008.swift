import StatesLanguage

extension Migration {
    /// What a column may say, in words that SQLite checks without a table in memory.
    ///
    /// For `IN` with three texts or more it makes such a table and fills it for every row that is written, which took a
    /// tenth of the writer's time. Only the wording of the checks changes and no row is read, so this is done as the
    /// documentation of `ALTER TABLE` says for that: in the text of the schema itself.
    static let eighth = Migration(
        number: 8, name: "cheaper checks", sql: "PRAGMA writable_schema = ON;", convert: rewordChecks)

    private static func rewordChecks(_ transaction: any SQLTransaction) throws(RepositoryError) {
        for row in try transaction.query("SELECT rowid, sql FROM sqlite_schema WHERE type = 'table'") {
            guard let sql = try row.optionalText("sql") else { continue }
            let reworded = CheckWording.withoutLists(sql)
            guard reworded != sql else { continue }
            try transaction.execute(
                "UPDATE sqlite_schema SET sql = ? WHERE rowid = ?",
                [.text(reworded), .integer(try row.integer("rowid"))])
        }
        // Other connections read the schema again when its number has changed, and this one when it is told to.
        let version = try transaction.count("PRAGMA schema_version")
        try transaction.execute("PRAGMA schema_version = \(version + 1)")
        try transaction.execute("PRAGMA writable_schema = RESET")
    }
}

/// The words of checks in the text of a table.
enum CheckWording {
    /// The text with `CHECK (name = 'a' OR name = 'b' OR ...)` in place of `CHECK (name IN ('a', 'b', ...))`, where
    /// there are three texts or more; both let NULL pass.
    static func withoutLists(_ sql: String) -> String {
        sql.replacing(/CHECK \((?<column>\w+) IN \((?<list>'[a-z_-]+'(?:,\s+'[a-z_-]+'){2,})\)\)/) { match in
            let names = match.output.list.split { $0 == "," || $0.isWhitespace }
            return "CHECK (\(names.map { "\(match.output.column) = \($0)" }.joined(separator: " OR ")))"
        }
    }
}
