import GRDB

/// The seam over one SQLite connection, for the length of one body.
///
/// It is confined to the thread that GRDB runs the body on.
final class SQLiteConnection: SQLTransaction {
    let database: GRDB.Database
    /// What the body in progress wants published.
    private(set) var changes: [Change] = []
    /// The worst thing that has happened in this transaction, which a body may have swallowed.
    private(set) var failure: Storing.Failure?

    init(_ database: GRDB.Database) {
        self.database = database
    }

    func query(_ sql: String, _ arguments: [SQLValue]) throws(RepositoryError) -> [SQLRow] {
        try translating {
            let statement = try BoundStatement(sql, arguments, in: database)
            defer { statement.reset() }
            var rows: [SQLRow] = []
            while try statement.step() { rows.append(statement.row) }
            return rows
        }
    }

    @discardableResult
    func execute(_ sql: String, _ arguments: [SQLValue]) throws(RepositoryError) -> Int {
        try translating {
            let statement = try BoundStatement(sql, arguments, in: database)
            defer { statement.reset() }
            return try statement.run().changedRows
        }
    }

    func insert(_ sql: String, _ arguments: [SQLValue]) throws(RepositoryError) -> Int64? {
        try translating {
            let statement = try BoundStatement(sql, arguments, in: database)
            defer { statement.reset() }
            let outcome = try statement.run()
            return outcome.changedRows == 0 ? nil : outcome.lastRow
        }
    }

    func publish(_ change: Change) { changes.append(change) }

    /// Runs statements that carry no arguments, such as a migration or a pragma.
    func script(_ sql: String) throws(RepositoryError) {
        try translating { try database.execute(sql: sql) }
    }

    /// Forgets what was announced after the first `count` changes.
    func keepChanges(_ count: Int) { changes.removeLast(changes.count - count) }

    private func translating<Value>(_ body: () throws -> Value) throws(RepositoryError) -> Value {
        do { return try body() } catch {
            let failure = Storing.failure(error)
            note(failure)
            throw failure.error
        }
    }

    private func note(_ failure: Storing.Failure) {
        switch (self.failure, failure) {
        case (_, .statement), (.connection?, _): break
        case (_, .transaction), (_, .connection): self.failure = failure
        }
    }
}
