/// The seam between repositories and a driver: a consistent view of the database for the length of one body.
///
/// Repositories are written once against this, in SQL that SQLite (3.40) and PostgreSQL (15) both accept. SQL is a
/// literal with `?` for each argument; a value is only ever bound, never spliced in. Statements are cached by their
/// text, so a text that is built from values would also fill the cache. `INDEXED BY` is the one word that only SQLite
/// knows: it plans without statistics and must be told; a driver for PostgreSQL takes it out.
public protocol SQLReader {
    /// The rows that `sql` selects.
    func query(_ sql: String, _ arguments: [SQLValue]) throws(RepositoryError) -> [SQLRow]
}

extension SQLReader {
    /// The rows that `sql` selects, without arguments.
    public func query(_ sql: String) throws(RepositoryError) -> [SQLRow] { try query(sql, []) }

    /// The first row that `sql` selects, or nil.
    public func first(_ sql: String, _ arguments: [SQLValue] = []) throws(RepositoryError) -> SQLRow? {
        try query(sql, arguments).first
    }

    /// The one integer that `sql` selects, as in `SELECT count(*)`.
    public func count(_ sql: String, _ arguments: [SQLValue] = []) throws(RepositoryError) -> Int {
        guard let row = try first(sql, arguments), case .integer(let count)? = row.values.first else {
            throw .unusable("a query for one number gave none")
        }
        return Int(count)
    }
}

/// A transaction: reads its own writes, and either all of it is stored or nothing.
///
/// Several bodies share one transaction of the database. So a body must check before it writes: one that throws
/// after it has changed a row makes the writer undo and repeat its whole batch, each body alone. For the same
/// reason a body may be run twice: it must have no effect but its writes.
public protocol SQLTransaction: SQLReader {
    /// Runs `sql` and answers how many rows it inserted, updated or deleted.
    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RepositoryError) -> Int

    /// Runs `sql`, which inserts at most one row into a table whose key is an integer that the database chooses.
    ///
    /// An insertion that answers rows would cost a table in memory each time.
    ///
    /// - Returns: The key of the row; nil where none was inserted.
    func insert(_ sql: String, _ arguments: [SQLValue]) throws(RepositoryError) -> Int64?

    /// Announces `change` to the hub once this transaction has been committed, and never if it is not.
    func publish(_ change: Change)
}

extension SQLTransaction {
    /// Runs `sql`, which takes no arguments, and answers how many rows it changed.
    @discardableResult
    public func execute(_ sql: String) throws(RepositoryError) -> Int { try execute(sql, []) }
}
